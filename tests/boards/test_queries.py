from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from app.accounts.schemas import Actor, Role
from app.boards.queries import list_boards, person_board, study_board
from app.boards.schemas import Unheard, View
from app.core.errors import NotFound
from app.core.settings import Settings
from app.interviews import operations as interviews
from app.interviews.models import ConsentItem, ConsentWay, NextIntention
from app.interviews.schemas import ConsentInput
from app.purchases.models import Person
from app.purchases.store import OrdersStore
from app.studies.models import Study
from tests.tagging.build import Reviewed, a_tagged_answer

INSIDE = frozenset({ConsentItem.PARTICIPATION, ConsentItem.INTERNAL_SHARING})
BOTH = INSIDE | {ConsentItem.PLANNING_USE}


@pytest.fixture
def store(settings: Settings) -> OrdersStore:
    return OrdersStore(settings)


def heard(session: Session, now: datetime, granted: frozenset[ConsentItem]) -> tuple[Reviewed, dict[str, str]]:
    """Return a tagged interview with the ids of its study and person."""
    reviewed = a_tagged_answer(session, now=now, granted=granted)
    study = session.get_one(Study, reviewed.interview.study_id)
    person = session.get_one(Person, reviewed.interview.person_id)
    return reviewed, {"study_id": study.public_id, "person_id": person.public_id}


def as_planner(actor: Actor) -> Actor:
    return replace(actor, role=Role.PLANNER)


def test_a_planner_sees_only_what_was_released_for_planning(session: Session, store: OrdersStore, now: datetime):
    reviewed, ids = heard(session, now, INSIDE)
    mine = person_board(session, store, actor=reviewed.actor, **ids)
    theirs = person_board(session, store, actor=as_planner(reviewed.actor), **ids)
    assert len(mine.quotes) == 2
    assert mine.left_out.quotes == 0
    assert theirs.view is View.PLANNER
    assert theirs.quotes == ()
    assert (theirs.left_out.quotes, theirs.left_out.people) == (2, 1)
    assert Unheard.LEFT_OUT in {column.why for column in theirs.journey}


def test_what_somebody_intends_is_for_those_who_may_read_their_words(
    session: Session, store: OrdersStore, now: datetime
):
    reviewed, ids = heard(session, now, INSIDE)
    reviewed.interview.next_intention = NextIntention.NO
    mine = person_board(session, store, actor=reviewed.actor, **ids).interview
    theirs = person_board(session, store, actor=as_planner(reviewed.actor), **ids).interview
    assert mine is not None
    assert theirs is not None
    assert (mine.next_intention, theirs.next_intention) == (NextIntention.NO, None)


def test_the_day_of_a_talk_is_that_of_the_shop(session: Session, settings: Settings, now: datetime):
    reviewed, ids = heard(session, now, INSIDE)
    reviewed.interview.started_at = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    days = {}
    for zone in ("Asia/Tokyo", "Europe/Berlin"):
        shop = OrdersStore(settings.model_copy(update={"timezone": zone}))
        board = person_board(session, shop, actor=reviewed.actor, **ids)
        assert board.interview is not None
        days[zone] = board.interview.held_on
    assert days == {"Asia/Tokyo": date(2026, 11, 21), "Europe/Berlin": date(2026, 11, 20)}


def test_a_study_board_leaves_people_out_of_scope_and_counts_them(session: Session, store: OrdersStore, now: datetime):
    reviewed, ids = heard(session, now, INSIDE)
    board = study_board(session, store, actor=as_planner(reviewed.actor), study_id=ids["study_id"])
    assert board.classes == ()
    assert board.left_out.quotes == 2
    assert [row.voice for row in board.table] == [None] * 9


def test_consent_taken_back_is_read_at_the_next_look(session: Session, store: OrdersStore, now: datetime):
    reviewed, ids = heard(session, now, BOTH)
    planner = as_planner(reviewed.actor)
    assert len(person_board(session, store, actor=planner, **ids).quotes) == 2
    withdraw(session, reviewed, INSIDE, now)
    assert person_board(session, store, actor=planner, **ids).quotes == ()
    withdraw(session, reviewed, frozenset(), now)
    board = person_board(session, store, actor=reviewed.actor, **ids)
    assert board.quotes == ()
    assert board.interview is None


def withdraw(session: Session, reviewed: Reviewed, still: frozenset[ConsentItem], now: datetime) -> None:
    data = ConsentInput(way=ConsentWay.PHONE, granted=still)
    interviews.record_consent(session, actor=reviewed.actor, interview=reviewed.interview, data=data, now=now)


def test_somebody_elses_study_is_not_there(session: Session, store: OrdersStore, now: datetime):
    _, ids = heard(session, now, BOTH)
    stranger = Actor(user_id=987, public_id="stranger", display_name="x", role=Role.RESEARCHER)
    with pytest.raises(NotFound):
        person_board(session, store, actor=stranger, **ids)
    with pytest.raises(NotFound):
        study_board(session, store, actor=stranger, study_id=ids["study_id"])
    assert list_boards(session, actor=stranger) == ()


def test_a_person_of_another_study_is_not_there(session: Session, store: OrdersStore, now: datetime):
    reviewed, ids = heard(session, now, BOTH)
    with pytest.raises(NotFound):
        person_board(session, store, actor=reviewed.actor, study_id=ids["study_id"], person_id="nobody")


def test_without_orders_the_board_says_so_and_keeps_the_voices(session: Session, store: OrdersStore, now: datetime):
    reviewed, ids = heard(session, now, BOTH)
    board = person_board(session, store, actor=reviewed.actor, **ids)
    assert not board.in_store
    assert board.orders == ()
    assert board.last_order is None
    assert len(board.quotes) == 2


def test_the_list_counts_people_heard_and_their_voices(session: Session, now: datetime):
    reviewed, ids = heard(session, now, BOTH)
    line = next(line for line in list_boards(session, actor=reviewed.actor) if line.study_id == ids["study_id"])
    assert line.interviewed == 1
    assert sum(person.quotes for person in line.people) == 2
