"""The way other stages reach the tagger: the warm process over its socket, or this process where none runs."""

import asyncio
import contextlib
import socket
from functools import cache
from typing import TYPE_CHECKING

from app.core.settings import Settings
from app.language.protocol import LINE_LIMIT, LanguageUnavailable, decode_reply, encode_request, socket_address
from app.language.schemas import AnswerInput, SentenceTags

if TYPE_CHECKING:
    from app.language.analyser import Analyser

JOB_TIMEOUT = 30.0
CONNECT_TIMEOUT = 1.0


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

        Without a language process the pipeline is loaded here, once.
        """
        given = AnswerInput(text, question, question_text, customer, lang, product)
        try:
            return decode_reply(self._exchange_now(encode_request(given)))
        except (OSError, LanguageUnavailable):
            return local_analyser().answer(given)

    def _exchange_now(self, request: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(CONNECT_TIMEOUT)
            link.connect(socket_address(self._settings))
            link.settimeout(JOB_TIMEOUT)
            link.sendall(request)
            with link.makefile("rb") as stream:
                return stream.readline(LINE_LIMIT)


@cache
def local_analyser() -> "Analyser":
    """Return this process's own pipeline, loaded at the first call; spaCy is imported only here."""
    from app.language.analyser import load_analyser

    return load_analyser()
