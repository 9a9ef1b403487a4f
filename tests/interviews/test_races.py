"""Eight writers at once on one answer: exactly one wins, the others are shown both texts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.accounts.schemas import Actor
from app.core.database import write_session
from app.interviews import operations
from app.interviews.answers import AnswerConflict
from app.interviews.models import AnswerVersion, Interview
from tests.interviews.build import an_interview, typed

WRITERS = 8


@pytest.mark.db
def test_one_of_eight_writers_wins(engine: Engine, now: datetime):
    with write_session(engine) as session:
        actor, interview = an_interview(session, now=now)
        number = interview.id or 0

    def write(writer: int) -> str:
        try:
            with write_session(engine) as own:
                return save(own, actor, number, writer)
        except AnswerConflict as clash:
            return f"lost to {clash.stored.text}"

    def save(own, actor: Actor, number: int, writer: int) -> str:
        operations.save_answer(
            own,
            actor=actor,
            interview=own.get_one(Interview, number),
            question_id="q1",
            data=typed(f"文{writer}"),
            now=now,
        )
        return f"文{writer}"

    with ThreadPoolExecutor(WRITERS) as pool:
        results = list(pool.map(write, range(WRITERS)))
    winners = [result for result in results if not result.startswith("lost")]
    with write_session(engine) as session:
        kept = [row.text for row in session.exec(select(AnswerVersion))]
    assert kept == winners
    assert results.count(f"lost to {kept[0]}") == WRITERS - 1
