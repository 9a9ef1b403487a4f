"""What a built demo amounts to, without the random ids of one installation."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.schemas import Actor
from app.boards.queries import person_board, study_board
from app.candidates.models import Candidate
from app.interviews.models import Answer, Interview, InterviewState
from app.jobs.schemas import JobServices
from app.purchases import queries as purchases
from app.purchases.models import Person
from app.purchases.schemas import CustomerFilters
from app.studies.models import Study
from app.tagging.models import Sentence, Tag

RANDOM = {"public_id", "customer_ref", "study_id", "person_id", "interview_id", "sentence_id", "id"}


def digest(session: Session, parts: JobServices, actor: Actor) -> dict[str, str]:
    """Return one short sum for each of classes, picks, tags and boards."""
    found = {
        "classes": list(classes(session, parts)),
        "picks": list(picks(session)),
        "tags": list(tags(session)),
        "boards": list(boards(session, parts, actor)),
    }
    return {name: hashlib.sha256(_text(value).encode()).hexdigest()[:16] for name, value in found.items()}


def classes(session: Session, parts: JobServices) -> Iterator[dict[str, Any]]:
    """Yield every customer's figures by source and number."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        page = purchases.list_customers(session, parts.orders, filters=CustomerFilters(), after=after, limit=500)
        rows.extend(plain(row) | {"customer_id": steady(row.customer_id)} for row in page.rows)
        after = page.after
        if after is None:
            break
    yield from sorted(rows, key=lambda row: (row["source"], row["customer_id"], _text(row)))


def steady(customer_id: str) -> str:
    """Return a customer's number; of one known by mail or phone only that, for the hash is each installation's own."""
    return customer_id.partition("-")[0] if customer_id.startswith(("mail-", "tel-")) else customer_id


def picks(session: Session) -> Iterator[tuple[Any, ...]]:
    """Yield every candidate with lane, state, reasons and the twin's code name."""
    names = dict(session.execute(select(col(Candidate.id), col(Person.code_name)).join(Person)).all())
    query = select(Candidate, Person, Study).join(Person).join(Study, col(Study.id) == col(Candidate.study_id))
    for candidate, person, study in session.execute(query.order_by(col(Candidate.id))).all():
        twin = names.get(candidate.twin_id)
        yield (
            study.title, person.source, steady(person.customer_id), person.code_name, candidate.lane, candidate.state,
            candidate.origin, candidate.reasons, candidate.facts, twin,
        )  # fmt: skip


def tags(session: Session) -> Iterator[tuple[Any, ...]]:
    """Yield every tag by customer, question and sentence."""
    query = (
        select(Person, Answer, Sentence, Tag)
        .join(Interview, col(Interview.person_id) == col(Person.id))
        .join(Answer, col(Answer.interview_id) == col(Interview.id))
        .join(Sentence, col(Sentence.answer_id) == col(Answer.id))
        .join(Tag, col(Tag.sentence_id) == col(Sentence.id))
    )
    found = [
        (
            steady(person.customer_id), answer.question_id, sentence.position, sentence.text, tag.stage.value, tag.start, tag.end,
            tag.confidence, tag.origin.value, tag.state.value, tag.facets, tag.channel, tag.cancel_reason,
        )
        for person, answer, sentence, tag in session.execute(query).all()
    ]  # fmt: skip
    yield from sorted(found, key=_text)


def boards(session: Session, parts: JobServices, actor: Actor) -> Iterator[dict[str, Any]]:
    """Yield the board of every study with finished interviews, and of each of their people."""
    query = (
        select(Study, Person)
        .join(Interview, col(Interview.study_id) == col(Study.id))
        .join(Person, col(Person.id) == col(Interview.person_id))
        .where(col(Interview.state) == InterviewState.FINISHED)
        .order_by(col(Interview.id))
    )
    rows = session.execute(query).all()
    for study in {study.public_id: study for study, _ in rows}.values():
        yield plain(study_board(session, parts.orders, actor=actor, study_id=study.public_id))
    for study, person in rows:
        board = person_board(
            session, parts.orders, actor=actor, study_id=study.public_id, person_id=person.public_id
        )  # fmt: skip
        yield plain(board)


def plain(value: Any) -> Any:
    """Return a result as plain data without random ids."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.name not in RANDOM
        }
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    return value


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
