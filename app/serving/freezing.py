"""Keeps the people of a rule as they are today: tens of thousands of rows, a few at a time, so that nobody waits to write."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.schemas import Actor
from app.core.database import write_session
from app.purchases.segments import operations, queries
from app.purchases.segments.rule import Rule
from app.purchases.store import OrdersStore

AT_ONCE = 2_000
"""So many rows take some hundredths of a second."""


def freeze(
    session: Session, *, engine: Engine, store: OrdersStore, name: str, rule: Rule, actor: Actor, now: datetime
) -> str:  # fmt: skip
    """Save the people of a rule, found by a reading session, and return the segment's public id; nobody sees it before it is whole.

    Raises:
        AppError: they are too many, there are no orders, or the name is taken.
        NotCounted: the build in use lacks a file that the rule needs.
    """
    found = queries.frozen_people(session, store, rule=rule)
    with write_session(engine) as writing:
        row = operations.create(writing, name=name, rule=rule, actor=actor, now=now, frozen=found)
        segment_id = row.public_id
    try:
        for start in range(0, len(found.refs), AT_ONCE):
            with write_session(engine) as writing:
                row = queries.get_segment(writing, segment_id)
                operations.keep(writing, row=row, refs=found.refs[start : start + AT_ONCE])
        with write_session(engine) as writing:
            operations.finish(writing, row=queries.get_segment(writing, segment_id), actor=actor, now=now)
    except BaseException:
        with write_session(engine) as writing:
            operations.drop(writing, row=queries.get_segment(writing, segment_id))
        raise
    return segment_id
