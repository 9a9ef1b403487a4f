"""The language process: start, memory, time of an answer, sentences a second; and how often the cue rules are right."""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from app.core.settings import Settings
from app.language.client import LanguageClient
from app.language.protocol import LanguageUnavailable
from tests.language.gold import SEEN, UNSEEN, figures
from tests.support.report import table

ANSWER = (
    "正直、1本目は違いがわからなくて、夜に塗るのを忘れる日もありました。"
    "九月に七五三の前撮りがあって、その写真を見て、あ、塗ってる顔だ、って思ったんですよね。"
    "それから、切らすのが嫌になって定期にしました。妹にもすすめたし、いまは母の分も頼んでます。"
)
ROUNDS = 300
CALLERS, ASKED = 16, 20
PATIENCE = 30.0


def measure(home: Path) -> str:
    """Return two tables: the process, and the cue rules on the hand-labelled sentences."""
    home.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    environment = {**os.environ, "N1_HOME": str(home)}
    with subprocess.Popen([sys.executable, "-m", "app", "language"], env=environment) as process:
        try:
            client = LanguageClient(Settings(home=home))
            started = asyncio.run(until_there(client, began))
            answers, rate = asyncio.run(times(client))
            typing = asyncio.run(together(client, pause=1.0))
            pressing = asyncio.run(together(client, pause=0.0))
            memory = resident(process.pid)
        finally:
            process.terminate()
    rows: list[tuple[object, ...]] = [
        ("start to first answer, s", f"{started:.1f}"),
        ("resident memory, MB", f"{memory:.0f}"),
        ("answer of 4 sentences, alone, p50 / p95 ms", middle_and_tail(answers)),
        (f"the same, {CALLERS} callers who each ask once a second", middle_and_tail(typing)),
        (f"the same, {CALLERS} callers who ask again at once", middle_and_tail(pressing)),
        ("sentences a second, long answers", f"{rate:.0f}"),
    ]
    return table(("language process", "measured"), rows) + "\n\n" + quality()


async def until_there(client: LanguageClient, began: float) -> float:
    """Return the seconds until the process answers."""
    while time.perf_counter() - began < PATIENCE:
        try:
            await client.analyse_answer("はい")
        except LanguageUnavailable:
            await asyncio.sleep(0.05)
        else:
            return time.perf_counter() - began
    raise TimeoutError("the language process never answered")


async def times(client: LanguageClient) -> tuple[list[float], float]:
    """Return milliseconds of each short answer, and sentences a second over long ones."""
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await client.analyse_answer(ANSWER, question="q6", customer="loyal")
        found.append((time.perf_counter() - began) * 1000)
    began, count = time.perf_counter(), 0
    for _ in range(10):
        count += len(await client.analyse_answer(ANSWER * 40, question="q6"))
    return found, count / (time.perf_counter() - began)


async def together(client: LanguageClient, *, pause: float) -> list[float]:
    """Return milliseconds of each short answer while many ask, each with a pause after its reply, in seconds."""

    async def caller(number: int) -> list[float]:
        await asyncio.sleep(pause * number / CALLERS)
        found = []
        for _ in range(ASKED):
            began = time.perf_counter()
            await client.analyse_answer(ANSWER, question="q6", customer="loyal")
            found.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(pause)
        return found

    return [value for one in await asyncio.gather(*map(caller, range(CALLERS))) for value in one]


def middle_and_tail(values: list[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"{statistics.median(values):.1f} / {statistics.quantiles(values, n=100)[94]:.1f}"


def resident(pid: int) -> float:
    """Return a process's resident memory in MB, as Linux counts it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def quality() -> str:
    """Return micro-F1 of the cue rules in context, of the question alone, and of the rules off the question."""
    rows: list[tuple[object, ...]] = []
    for name, told in ((SEEN, "cues were written beside it"), (UNSEEN, "for measuring only")):
        for lang in ("ja", "en"):
            found = figures(name, lang)
            rows.append((f"{name} ({told})", lang, *(f"{value:.2f}" for value in found.values())))
    return table(("labelled sentences", "language", "cue rules", "question alone", "cue rules off the question"), rows)
