"""Consents: the wording read out, by version, and what stands now.

What stands is the latest row of each item; it is read at every use and copied nowhere.
"""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlmodel import Session, col, select

from app.accounts.schemas import Actor
from app.candidates.models import Candidate
from app.core.errors import Conflict
from app.core.i18n import N_
from app.interviews.labels import ITEM_LABELS
from app.interviews.models import Answer, Consent, ConsentItem, Interview, InterviewState
from app.interviews.schemas import ConsentInput, ConsentMark, ConsentText, ConsentWording

CONSENT_FILE = Path(__file__).resolve().parents[2] / "seed_data" / "guides" / "consent.toml"


def parse_wordings(source: str, locale: str) -> tuple[ConsentWording, ...]:
    """Return every version of the wording in one language, oldest first; English versions end in `-en`.

    Raises:
        KeyError: a version lacks the language or one of the six items.
    """
    return tuple(
        ConsentWording(
            version=entry["version"] if locale == "ja" else f"{entry['version']}-{locale}",
            opening=entry[locale]["opening"],
            items=tuple(
                ConsentText(item=item, label=ITEM_LABELS[item], **entry[locale][item.value]) for item in ConsentItem
            ),
        )
        for entry in tomllib.loads(source)["versions"]
    )


@cache
def current_wording(locale: str = "ja") -> ConsentWording:
    """Return the newest wording; customers read Japanese unless English is asked for."""
    language = locale if locale == "en" else "ja"
    return parse_wordings(CONSENT_FILE.read_text("utf-8"), language)[-1]


def current_consents(session: Session, interview_ids: Iterable[int]) -> dict[int, dict[ConsentItem, ConsentMark]]:
    """Return the standing decision per item for each interview asked about."""
    found: dict[int, dict[ConsentItem, ConsentMark]] = {number: {} for number in interview_ids}
    query = select(Consent).where(col(Consent.interview_id).in_(found)).order_by(col(Consent.id))
    for row in session.exec(query):
        found[row.interview_id][row.item] = ConsentMark(
            item=row.item,
            granted=row.granted,
            text_version=row.text_version,
            way=row.way,
            given_at=row.given_at,
        )
    return found


def granted_items(marks: dict[ConsentItem, ConsentMark]) -> frozenset[ConsentItem]:
    """Return the items that are granted now."""
    return frozenset(item for item, mark in marks.items() if mark.granted)


def consent_items(session: Session, interview_id: int) -> frozenset[ConsentItem]:
    """Return what the customer of one interview agrees to now."""
    return granted_items(current_consents(session, [interview_id])[interview_id])


def require_participation(session: Session, interview: Interview) -> None:
    """Let nothing be written down without the customer's word.

    Raises:
        Conflict: taking part was never granted, or was taken back.
    """
    if interview.id is None or ConsentItem.PARTICIPATION not in consent_items(session, interview.id):
        raise Conflict("no_participation", N_("Nothing can be written down before the customer agrees to take part."))


def store_consents(
    session: Session,
    *,
    actor: Actor,
    interview: Interview,
    data: ConsentInput,
    text_version: str,
    now: datetime,
) -> tuple[ConsentItem, ...]:
    """Write one row for each item whose decision is new or has changed; return those items."""
    number = row_number(interview)
    standing = current_consents(session, [number])[number]
    changed = tuple(
        item for item in ConsentItem if item not in standing or standing[item].granted != (item in data.granted)
    )
    session.add_all(
        Consent(
            interview_id=number,
            item=item,
            granted=item in data.granted,
            text_version=text_version,
            way=data.way,
            given_at=now,
            recorded_by=actor.user_id,
        )
        for item in changed
    )
    session.flush()
    return changed


def row_number(row: Interview | Candidate | Answer) -> int:
    """Return the number of a stored row.

    Raises:
        ValueError: it was never flushed.
    """
    if row.id is None:
        raise ValueError("row is not stored")
    return row.id


def begin_if_agreed(session: Session, interview: Interview, now: datetime) -> None:
    """Start the clock at the moment the customer agrees to take part."""
    waiting = interview.state is InterviewState.CONSENTING
    if waiting and ConsentItem.PARTICIPATION in consent_items(session, row_number(interview)):
        interview.state = InterviewState.LIVE
        interview.started_at = now
        session.add(interview)
        session.flush()
