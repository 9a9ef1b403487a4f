"""The language process over its real socket: queueing, time limits, hostile text, and being away."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.logging import FORMAT, QuietFormatter
from app.core.settings import Settings
from app.language.client import LanguageClient
from app.language.codebook import Stage
from app.language.process import listen
from app.language.protocol import (
    LanguageUnavailable,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
    socket_address,
)
from app.language.schemas import TEXT_LIMIT, AnswerInput, SentenceTags, StageTag


def one_tag(given: AnswerInput) -> tuple[SentenceTags, ...]:
    tag = StageTag(stage=Stage.AWARENESS, confidence=0.8, start=0, end=1, rule="fake")
    return (SentenceTags(start=0, end=len(given.text), text=given.text, tags=(tag,)),)


@contextlib.contextmanager
def serving(settings: Settings, answering: Callable[[AnswerInput], tuple[SentenceTags, ...]]) -> Iterator[None]:
    """Run the real server in a thread of this process, with a fake where the model would be."""
    ready = threading.Event()
    held: dict[str, object] = {}

    async def main() -> None:
        held["loop"] = asyncio.get_running_loop()
        held["task"] = asyncio.current_task()
        with contextlib.suppress(asyncio.CancelledError):
            await listen(socket_address(settings), answering, ready.set)

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        loop, task = held["loop"], held["task"]
        assert isinstance(loop, asyncio.AbstractEventLoop)
        assert isinstance(task, asyncio.Task)
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, language_timeout=1.0)


def test_requests_and_replies_survive_the_line() -> None:
    given = AnswerInput(text="改行\nと「引用」と絵文字🍵", question="q2", customer="loyal")
    assert decode_request(encode_request(given)) == given
    assert decode_reply(encode_reply(one_tag(given))) == one_tag(given)


def test_half_characters_and_long_texts_are_made_sendable() -> None:
    sent = decode_request(encode_request(AnswerInput(text="あ\ud800" + "い" * 10 * TEXT_LIMIT)))
    assert len(sent.text) == TEXT_LIMIT
    assert sent.text.startswith("あ\ufffdい")


@pytest.mark.parametrize("line", [b"", b"{}", b"nonsense\n", b"[1]\n", b'{"sentences": [{}]}\n'])
def test_what_is_no_reply_means_unavailable(line: bytes) -> None:
    with pytest.raises(LanguageUnavailable):
        decode_reply(line)


@pytest.mark.anyio
async def test_nobody_listening_is_told_at_once(home: Settings) -> None:
    began = time.perf_counter()
    with pytest.raises(LanguageUnavailable):
        await LanguageClient(home).analyse_answer("友達に聞いて")
    assert time.perf_counter() - began < 0.5


@pytest.mark.anyio
async def test_a_dead_process_leaves_a_socket_file_that_does_not_stall(home: Settings) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(socket_address(home))
    with pytest.raises(LanguageUnavailable):
        await LanguageClient(home).analyse_answer("友達に聞いて")
    with serving(home, one_tag):
        assert await LanguageClient(home).analyse_answer("友達に聞いて") == one_tag(AnswerInput("友達に聞いて"))


@pytest.mark.anyio
async def test_a_slow_process_is_given_up_in_time(home: Settings) -> None:
    release = threading.Event()

    def stuck(given: AnswerInput) -> tuple[SentenceTags, ...]:
        release.wait(10)
        return one_tag(given)

    with serving(home, stuck):
        began = time.perf_counter()
        with pytest.raises(LanguageUnavailable):
            await LanguageClient(home).analyse_answer("友達に聞いて")
        waited = time.perf_counter() - began
        release.set()
    assert 0.9 < waited < 2


@pytest.mark.anyio
async def test_nobody_waits_for_answers_whose_callers_have_left(home: Settings) -> None:
    release, seen = threading.Event(), []

    def noting(given: AnswerInput) -> tuple[SentenceTags, ...]:
        seen.append(given.text)
        release.wait(10)
        return one_tag(given)

    with serving(home, noting):
        callers = [LanguageClient(home).analyse_answer(text) for text in ("長い", "次", "その次")]
        left = await asyncio.gather(*callers, return_exceptions=True)
        assert {type(one) for one in left} == {LanguageUnavailable}
        await asyncio.sleep(
            0.5
        )  # that they left is noticed by the server's loop, in another thread, which tells nobody
        release.set()
        await LanguageClient(home).analyse_answer("今")
    assert len(seen) == 2
    assert seen[-1] == "今"


@pytest.mark.anyio
@pytest.mark.parametrize("fault", [ValueError, KeyError])
async def test_an_answer_the_tagger_fails_over_is_told_in_the_log_and_the_next_one_answered(
    home: Settings, caplog: pytest.LogCaptureFixture, fault: type[Exception]
) -> None:
    def failing(given: AnswerInput) -> tuple[SentenceTags, ...]:
        if given.text == "田中":
            raise fault(given.text)
        return one_tag(given)

    with serving(home, failing):
        with pytest.raises(LanguageUnavailable):
            await LanguageClient(home).analyse_answer("田中")
        assert (await LanguageClient(home).analyse_answer("次"))[0].text == "次"
    (told,) = [one for one in caplog.records if (one.name, one.levelname) == ("app.language.process", "ERROR")]
    assert "田中" not in QuietFormatter(FORMAT).format(told)


@pytest.mark.anyio
async def test_many_callers_queue_for_one_worker(home: Settings) -> None:
    threads: set[int] = set()

    def noting(given: AnswerInput) -> tuple[SentenceTags, ...]:
        threads.add(threading.get_ident())
        return one_tag(given)

    with serving(home, noting):
        client = LanguageClient(home)
        texts = [f"文{number}" for number in range(40)]
        replies = await asyncio.gather(*(client.analyse_answer(text) for text in texts))
    assert [reply[0].text for reply in replies] == texts
    assert len(threads) == 1


def test_the_socket_is_for_this_user_only_and_goes_away(home: Settings) -> None:
    with serving(home, one_tag):
        assert home.language_socket.stat().st_mode & 0o077 == 0
        assert LanguageClient(home).analyse_answer_now("友達に聞いて")[0].text == "友達に聞いて"
    assert not home.language_socket.exists()


HOSTILE = {
    "no spaces": "買" * 100_000,
    "one letter": "a" * 100_000,
    "controls": "".join(map(chr, range(1, 32))) * 3_300,
    "brackets": "「" * 50_000 + "」" * 50_000,
    "cues": "インスタで見て友達に聞いて解約したいけど" * 5_000,
    "half characters": "\ud800あ" * 50_000,
    "marks": "。、！？…" * 20_000,
    "ends": "。" * 100_000,
    "laughs": "あ……" * 30_000,
    "particles": "よね" * 50_000,
    "blankless english": "a" + "。" * 100_000,
    "lines": "あ\n" * 50_000,
    "names": "田中。" * 30_000,
    "numbers": "0-" * 50_000,
    "no marks": "友達に聞いて買ったんですけどあんまり効かなくてやめました" * 4_000,
    "english": "i saw it on instagram and my friend told me she uses it every day " * 1_500,
    "small letters": "a. " * 33_000,
    "hesitation": "I a... b " * 11_000,
    "english lines": "a\n" * 50_000,
}


def test_the_real_process_survives_hostile_text_and_stops_when_told(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, language_timeout=20.0)
    environment = {**os.environ, "N1_HOME": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-m", "app", "language"], env=environment) as process:
        try:
            wait_until_there(settings)
            client = LanguageClient(settings)
            for name, text in HOSTILE.items():
                before = processor_seconds(process.pid)
                asyncio.run(client.analyse_answer(text, question="q2"))
                assert processor_seconds(process.pid) - before < 2, name
            stages = [
                tag.stage
                for one in asyncio.run(client.analyse_answer("インスタの広告で見て知りました", question="q2"))
                for tag in one.tags
            ]
            assert stages == [Stage.AWARENESS]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
    assert not settings.language_socket.exists()


def processor_seconds(pid: int) -> float:
    """Return what a process has computed so far: unlike the clock it does not count what others compute beside it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_there(settings: Settings) -> None:
    client = LanguageClient(settings)
    patience = threading.Event()
    for _ in range(300):
        with contextlib.suppress(LanguageUnavailable):
            asyncio.run(client.analyse_answer("はい"))
            return
        patience.wait(0.1)
    pytest.fail("the language process never answered")
