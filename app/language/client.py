"""The way other stages reach the tagger: the warm process over its socket, or this process where none runs."""

import asyncio
import contextlib
import socket
import time
from functools import cache
from typing import TYPE_CHECKING

from app.core.settings import Settings
from app.language.protocol import (
    LINE_LIMIT,
    LanguageUnavailable,
    decode_reply,
    decode_request,
    encode_request,
    socket_address,
)
from app.language.schemas import AnswerInput, SentenceTags

if TYPE_CHECKING:
    from app.language.analyser import Analyser

JOB_TIMEOUT = 30.0
CONNECT_TIMEOUT = 1.0
RETURN_TIMEOUT = 15.0
"""Seconds in which a process that died is back; it starts within six."""


class LanguageClient:
    """Asks the language process of an installation; every call is a connection of its own."""

    def __init__(self, settings: Settings) -> None:
        """Remember where the process listens and how long a page may wait."""
        self._settings = settings

    async def analyse_answer(
        self,
        text: str,
        *,
        question: str = "",
        question_text: str = "",
        customer: str = "",
        lang: str = "",
        product: str = "",
    ) -> tuple[SentenceTags, ...]:
        """Return the tagged sentences of an answer, within the time a page may wait.

        Raises:
            LanguageUnavailable: the process is away, restarting or too slow.
        """
        given = AnswerInput(text, question, question_text, customer, lang, product)
        try:
            async with asyncio.timeout(self._settings.language_timeout):
                return decode_reply(await self._exchange(encode_request(given)))
        except (OSError, TimeoutError, asyncio.LimitOverrunError, ValueError) as error:
            raise LanguageUnavailable from error

    async def _exchange(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_unix_connection(socket_address(self._settings), limit=LINE_LIMIT)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.readline()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def analyse_answer_now(
        self,
        text: str,
        *,
        question: str = "",
        question_text: str = "",
        customer: str = "",
        lang: str = "",
        product: str = "",
    ) -> tuple[SentenceTags, ...]:
        """Return the tagged sentences of an answer; for jobs and the command line, never for a page.

        Without a language process the pipeline is loaded here, once. Where the process dies over an answer, it is asked
        again when it is back, and the answer is not tried here.

        Raises:
            LanguageUnavailable: the process failed twice over this answer, or never came back.
        """
        request = encode_request(AnswerInput(text, question, question_text, customer, lang, product))
        try:
            link = self._connected()
        except OSError:
            return local_analyser().answer(decode_request(request))
        try:
            return exchange_now(link, request)
        except (OSError, LanguageUnavailable):
            return self._again(request)

    def _again(self, request: bytes) -> tuple[SentenceTags, ...]:
        try:
            return exchange_now(self._reconnected(), request)
        except (OSError, LanguageUnavailable) as error:
            with contextlib.suppress(OSError):
                self._reconnected().close()  # whoever goes on with another answer finds the process there
            raise LanguageUnavailable from error

    def _reconnected(self) -> socket.socket:
        patience = time.monotonic() + RETURN_TIMEOUT
        while time.monotonic() < patience:
            time.sleep(RETURN_TIMEOUT / 50)  # first of all: while a process ends, its socket still takes callers
            with contextlib.suppress(OSError):
                return self._connected()
        return self._connected()

    def _connected(self) -> socket.socket:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(CONNECT_TIMEOUT)
            link.connect(socket_address(self._settings))
        except OSError:
            link.close()
            raise
        return link


def exchange_now(link: socket.socket, request: bytes) -> tuple[SentenceTags, ...]:
    """Return the reply to a request over a fresh connection, which is closed afterwards.

    Raises:
        OSError: no reply in time.
        LanguageUnavailable: the process ended over it.
    """
    with link, link.makefile("rb") as stream:
        link.settimeout(JOB_TIMEOUT)
        link.sendall(request)
        return decode_reply(stream.readline(LINE_LIMIT))


@cache
def local_analyser() -> "Analyser":
    """Return this process's own pipeline, loaded at the first call; spaCy is imported only here."""
    from app.language.analyser import load_analyser

    return load_analyser()
