"""The supervised language process: killed, stuck, asked by many at once. Callers wait their limit, no longer."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.serve import Child, Supervisor
from app.core.settings import Settings
from app.language.client import LanguageClient, local_analyser
from app.language.protocol import LanguageUnavailable
from app.language.schemas import AnswerInput

PAGE_LIMIT = 2.0
FAKE = """
import asyncio, re, sys
from app.core.settings import Settings
from app.language.process import listen, within_limit
from app.language.protocol import socket_address
from app.language.schemas import SentenceTags

def answer(given):
    if given.text.startswith("stuck"):
        re.match("(a+)+$", "a" * 64 + "b")
    return (SentenceTags(0, len(given.text), given.text),)

asyncio.run(listen(socket_address(Settings()), within_limit(answer, 0.5)))
"""


@contextlib.contextmanager
def supervised(command: list[str]) -> Iterator[Child]:
    """Keep a language process running as `n1 serve` does."""
    child = Child("language", command)
    supervisor = Supervisor([child])
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    try:
        yield child
    finally:
        supervisor.stop()
        thread.join(15)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("N1_HOME", str(tmp_path))
    return Settings(home=tmp_path, language_timeout=PAGE_LIMIT)


def ask(client: LanguageClient, text: str) -> str | None:
    """Return the first sentence, or nothing where the process is away; never later than a page may wait."""
    began = time.perf_counter()
    try:
        return asyncio.run(client.analyse_answer(text))[0].text
    except LanguageUnavailable:
        return None
    finally:
        assert time.perf_counter() - began < PAGE_LIMIT + 0.5


def back_after(client: LanguageClient, seconds: float) -> float:
    """Return after how many seconds the process answers."""
    began = time.perf_counter()
    pause = threading.Event()
    while time.perf_counter() - began < seconds:
        if ask(client, "はい") is not None:
            return time.perf_counter() - began
        pause.wait(0.05)
    pytest.fail("the language process never answered")


def test_an_answer_that_takes_too_long_ends_the_process_and_the_next_one_answers(settings: Settings) -> None:
    client = LanguageClient(settings)
    with supervised([sys.executable, "-c", FAKE]):
        back_after(client, 20)
        waiting: list[str | None] = []
        callers = [threading.Thread(target=lambda: waiting.append(ask(client, "次"))) for _ in range(4)]
        stuck = threading.Thread(target=lambda: waiting.append(ask(client, "stuck")))
        stuck.start()
        for caller in callers:
            caller.start()
        for caller in [stuck, *callers]:
            caller.join()
        assert set(waiting) <= {None, "次"}
        back_after(client, 10)
        assert ask(client, "また") == "また"


def test_a_job_waits_for_a_process_that_died_and_gives_up_on_an_answer_that_kills_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.language.client.local_analyser", lambda: pytest.fail("a second pipeline was loaded"))
    client = LanguageClient(settings)
    with supervised([sys.executable, "-c", FAKE]) as child:
        back_after(client, 20)
        with pytest.raises(LanguageUnavailable):
            client.analyse_answer_now("stuck")
        assert child.restarts >= 1
        assert client.analyse_answer_now("また")[0].text == "また"


ANSWERS = [
    f"{place}回目は友達に聞いて知りました。最初は効くのか不安でしたけど{place}本目で変わりました。"
    for place in range(16)
]


def test_the_real_process_answers_sixteen_callers_right_and_comes_back_when_killed(settings: Settings) -> None:
    client = LanguageClient(settings)
    expected = [local_analyser().answer(AnswerInput(text, "q2")) for text in ANSWERS]

    patient = LanguageClient(settings.model_copy(update={"language_timeout": 20.0}))

    async def together() -> list[object]:
        return list(await asyncio.gather(*(patient.analyse_answer(text, question="q2") for text in ANSWERS)))

    with supervised([sys.executable, "-m", "app", "language"]) as child:
        back_after(client, 30)
        assert asyncio.run(together()) == expected
        assert child.process is not None
        os.kill(child.process.pid, signal.SIGKILL)
        assert child.process.wait(5) == -signal.SIGKILL
        began = time.perf_counter()
        assert ask(client, "はい") is None
        assert time.perf_counter() - began < 1
        back_after(client, 30)
        assert asyncio.run(together()) == expected
