"""The one warm language process: many callers queue, one thread does the work, since Sudachi is not thread-safe."""

import asyncio
import contextlib
import faulthandler
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.core.settings import Settings
from app.language.protocol import LINE_LIMIT, decode_request, encode_reply, socket_address
from app.language.schemas import AnswerInput, SentenceTags

log = logging.getLogger(__name__)
ALREADY_RUNNING = 3
HARD_LIMIT = 10.0
"""Seconds that one answer may take; the longest text takes two."""
Answering = Callable[[AnswerInput], tuple[SentenceTags, ...]]


class Desk:
    """Takes requests from any number of connections and answers them one by one."""

    def __init__(self, answering: Answering) -> None:
        """Keep one worker thread; it alone touches the pipeline."""
        self._answering = answering
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="language")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the lines of one connection until the caller leaves."""
        try:
            while line := await reader.readline():
                writer.write(await self._reply(decode_request(line), reader))
                await writer.drain()
        except (ConnectionError, ValueError):
            log.info("a connection ends without a reply")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _reply(self, given: AnswerInput, reader: asyncio.StreamReader) -> bytes:
        loop = asyncio.get_running_loop()
        return encode_reply(await loop.run_in_executor(self._worker, self._answer_if_awaited, given, reader))

    def _answer_if_awaited(self, given: AnswerInput, reader: asyncio.StreamReader) -> tuple[SentenceTags, ...]:
        if reader.at_eof():
            raise ConnectionAbortedError
        try:
            return self._answering(given)
        except Exception as fault:
            log.exception("an answer cannot be read")
            raise ConnectionAbortedError from fault

    def close(self) -> None:
        """Let the worker finish what it does and take nothing more."""
        self._worker.shutdown(wait=False, cancel_futures=True)


def run(settings: Settings) -> None:
    """Load the pipeline, listen on the socket in `home` until told to stop."""
    from app.language.analyser import load_analyser

    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = socket_address(settings)
    if answers(address):
        log.error("a language process is already running here")
        sys.exit(ALREADY_RUNNING)
    analyser = load_analyser()
    gc.collect()
    gc.freeze()
    asyncio.run(listen(address, within_limit(analyser.answer, HARD_LIMIT)))


def within_limit(answering: Answering, seconds: float) -> Answering:
    """Return the same, but one answer that takes longer ends this process, for its supervisor to start another.

    A thread cannot be stopped, and a pattern that searches for ever lets no other Python run: faulthandler's own thread
    needs none of ours. It writes where the program stood, no data.
    """

    def limited(given: AnswerInput) -> tuple[SentenceTags, ...]:
        faulthandler.dump_traceback_later(seconds, exit=True)
        try:
            return answering(given)
        finally:
            faulthandler.cancel_dump_traceback_later()

    return limited


def answers(address: str) -> bool:
    """Return whether somebody listens there; a dead process leaves its file behind."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(address)
        except OSError:
            return False
        return True


async def listen(address: str, answering: Answering, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT; only this user may connect."""
    desk = Desk(answering)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ValueError, RuntimeError):
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
    forget(address)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(desk.serve, path=address, limit=LINE_LIMIT)
    finally:
        os.umask(before)
    log.info("language process is ready")
    ready()
    try:
        await stop.wait()
    finally:
        server.close()
        desk.close()
        forget(address)


def forget(address: str) -> None:
    """Remove the socket's file, if there is one."""
    Path(address).unlink(missing_ok=True)
