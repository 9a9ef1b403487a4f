"""How the language process and its clients talk: one JSON line each way over a unix socket."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.core.errors import AppError
from app.core.i18n import N_
from app.core.settings import Settings
from app.language.codebook import AnxietyKind, CancelReason, Channel, Facet, Stage
from app.language.schemas import TEXT_LIMIT, AnswerInput, PersonalKind, PersonalSpan, SentenceTags, StageTag

LINE_LIMIT = 4 * 1024 * 1024
PATH_LIMIT = 100
"""Unix socket addresses hold 108 bytes on Linux, 104 elsewhere."""


class LanguageUnavailable(AppError):
    """The language process is away or too slow; answers are safe, only their stages wait."""

    default_status = 503

    def __init__(self) -> None:
        """Say it the same way everywhere."""
        super().__init__(
            "language_unavailable", N_("Journey stages cannot be proposed just now. The answers themselves are saved.")
        )


def socket_address(settings: Settings) -> str:
    """Return the address of the socket, relative to the working folder where the full path is too long.

    Raises:
        OSError: neither form fits into a socket address.
    """
    full = str(settings.language_socket.resolve())
    if len(os.fsencode(full)) <= PATH_LIMIT:
        return full
    short = os.path.relpath(full, Path.cwd())
    if len(os.fsencode(short)) <= PATH_LIMIT:
        return short
    msg = "the folder of N1_HOME has too long a name for a socket"
    raise OSError(msg)


def encode_request(given: AnswerInput) -> bytes:
    """Return one request line; an answer is cut to what is analysed at all."""
    body = asdict(given) | {"text": sendable(given.text[:TEXT_LIMIT])}
    return json.dumps(body).encode() + b"\n"


def sendable(text: str) -> str:
    """Return the text with half surrogate pairs replaced, one code point each."""
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def decode_request(line: bytes) -> AnswerInput:
    """Return what a client asked for.

    Raises:
        ValueError: the line is not a request.
    """
    try:
        return AnswerInput(**{str(name): str(value) for name, value in json.loads(line).items()})
    except (TypeError, AttributeError) as error:
        msg = "not a request"
        raise ValueError(msg) from error


def encode_reply(sentences: tuple[SentenceTags, ...]) -> bytes:
    """Return one reply line."""
    return json.dumps({"sentences": [asdict(sentence) for sentence in sentences]}).encode() + b"\n"


def decode_reply(line: bytes) -> tuple[SentenceTags, ...]:
    """Return the sentences of a reply.

    Raises:
        LanguageUnavailable: the line is no reply (the process died while writing, or could not read us).
    """
    try:
        return tuple(sentence(body) for body in json.loads(line)["sentences"])
    except (ValueError, KeyError, TypeError) as error:
        raise LanguageUnavailable from error


def sentence(body: dict[str, Any]) -> SentenceTags:
    """Return one sentence of a reply."""
    return SentenceTags(
        start=body["start"],
        end=body["end"],
        text=body["text"],
        tags=tuple(StageTag(**(tag | {"stage": Stage(tag["stage"])})) for tag in body["tags"]),
        facets=tuple(map(Facet, body["facets"])),
        channel=tuple(map(Channel, body["channel"])),
        cancel_reason=tuple(map(CancelReason, body["cancel_reason"])),
        anxiety_kind=tuple(map(AnxietyKind, body["anxiety_kind"])),
        personal=tuple(PersonalSpan(**(span | {"kind": PersonalKind(span["kind"])})) for span in body["personal"]),
        reading=body["reading"],
    )
