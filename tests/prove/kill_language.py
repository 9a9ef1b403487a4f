"""The language process is killed while sixteen callers ask: every reply is right or says in time that there is none."""

import asyncio
import os
import random
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.serve import Child, Supervisor
from app.core.settings import Settings
from app.language.client import LanguageClient, local_analyser
from app.language.protocol import LanguageUnavailable
from app.language.schemas import AnswerInput, SentenceTags

CALLERS = 16
PAUSE = 0.2
PATIENCE = 60.0
SLACK = 1.0


@dataclass
class Outcome:
    """Replies that were right, callers told that there is none, what was wrong, and the slowest return in seconds."""

    right: int = 0
    away: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def kill_rounds(home: Path, *, rounds: int, seed: int) -> Outcome:
    """Kill the process `rounds` times at seeded moments while callers ask."""
    settings = Settings(home=home)
    given = [
        AnswerInput(f"{place}年前に友達に聞いて知りました。でも高いと思いました。", "q2") for place in range(CALLERS)
    ]
    expected = [local_analyser().answer(one) for one in given]
    child = Child("language", [sys.executable, "-m", "app", "language"])
    supervisor = Supervisor([child])
    os.environ["N1_HOME"] = str(home)
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    try:
        return asyncio.run(
            killing(settings, child, list(zip(given, expected, strict=True)), rounds, random.Random(seed))
        )
    finally:
        supervisor.stop()
        thread.join()
        del os.environ["N1_HOME"]


async def killing(
    settings: Settings,
    child: Child,
    answers: list[tuple[AnswerInput, tuple[SentenceTags, ...]]],
    rounds: int,
    moments: random.Random,
) -> Outcome:
    """Let callers ask until the last kill is over."""
    found, done = Outcome(), asyncio.Event()
    callers = [asyncio.create_task(calling(settings, *pair, found, done)) for pair in answers]
    await until_right(found)
    for _ in range(rounds):
        await asyncio.sleep(moments.uniform(0, 2 * PAUSE))
        assert child.process is not None
        os.kill(child.process.pid, signal.SIGKILL)
        began = time.perf_counter()
        await asyncio.sleep(PAUSE)
        await until_right(found)
        found.slowest = max(found.slowest, time.perf_counter() - began)
    done.set()
    await asyncio.gather(*callers)
    return found


async def until_right(found: Outcome) -> None:
    """Wait for the next right reply."""
    before, began = found.right, time.perf_counter()
    while found.right == before:
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError("the language process did not come back")
        await asyncio.sleep(0.02)


async def calling(
    settings: Settings, given: AnswerInput, expected: tuple[SentenceTags, ...], found: Outcome, done: asyncio.Event
) -> None:
    """Ask again and again, and look at what comes and when."""
    client = LanguageClient(settings)
    while not done.is_set():
        began = time.perf_counter()
        try:
            reply = await client.analyse_answer(given.text, question=given.question)
        except LanguageUnavailable:
            found.away += 1
        else:
            found.right += reply == expected
            if reply != expected:
                found.wrong.append(f"another reply to {given.text}")
        waited = time.perf_counter() - began
        if waited > settings.language_timeout + SLACK:
            found.wrong.append(f"waited {waited:.1f} s")
        await asyncio.sleep(PAUSE)
