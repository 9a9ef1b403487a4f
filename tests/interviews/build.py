"""A study, a person and a candidate in the database, ready to be interviewed."""

from datetime import date, datetime

from sqlmodel import Session

from app.accounts.models import User
from app.accounts.queries import as_actor
from app.accounts.schemas import Actor, Role
from app.candidates.models import Candidate, CandidateState, Origin
from app.interviews import operations
from app.interviews.models import ConsentItem, ConsentWay, Interview
from app.interviews.schemas import AnswerInput, ConsentInput, StartInput
from app.purchases.classes import CustomerClass
from app.purchases.models import Person
from app.studies import operations as studies
from app.studies.models import Study
from app.studies.schemas import NewStudy


def a_researcher(session: Session, *, now: datetime, login: str = "ruri") -> Actor:
    user = User(
        login=login, display_name="調査 花子", role=Role.RESEARCHER, password_hash="nobody signs in", created_at=now
    )
    session.add(user)
    session.flush()
    return as_actor(user)


def a_study(session: Session, *, actor: Actor, now: datetime, product: str = "白つゆ美容液") -> Study:
    return studies.create_study(session, actor=actor, data=NewStudy(product=product, loyal=2), now=now)


def a_candidate(
    session: Session,
    *,
    study: Study,
    now: datetime,
    lane: CustomerClass = CustomerClass.LOYAL,
    state: CandidateState = CandidateState.AGREED,
    name: str = "るりびたき",
) -> Candidate:
    person = Person(public_id=f"p-{name}", source="本店", customer_id=name, code_name=name, created_at=now)
    session.add(person)
    session.flush()
    candidate = Candidate(
        study_id=study.id or 0,
        person_id=person.id or 0,
        lane=lane,
        state=state,
        origin=Origin.PICKED,
        reasons=[],
        facts=[],
        snapshot={},
        as_of=date(2026, 11, 17),
        picked_at=now,
    )
    session.add(candidate)
    session.flush()
    return candidate


def an_interview(
    session: Session,
    *,
    now: datetime,
    lane: CustomerClass = CustomerClass.LOYAL,
    granted: frozenset[ConsentItem] | None = frozenset({ConsentItem.PARTICIPATION}),
) -> tuple[Actor, Interview]:
    """Return an interviewer and an interview; `granted=None` leaves the consent page unanswered."""
    actor = a_researcher(session, now=now)
    candidate = a_candidate(session, study=a_study(session, actor=actor, now=now), now=now, lane=lane)
    interview = operations.start(session, actor=actor, candidate=candidate, data=StartInput(), now=now)
    if granted is not None:
        consent(session, actor=actor, interview=interview, granted=granted, now=now)
    return actor, interview


def consent(
    session: Session, *, actor: Actor, interview: Interview, granted: frozenset[ConsentItem], now: datetime
) -> None:
    data = ConsentInput(way=ConsentWay.PHONE, granted=granted)
    operations.record_consent(session, actor=actor, interview=interview, data=data, now=now)


def typed(text: str, *, version: int = 0, memo: str = "", key: str = "", seconds: int = 0) -> AnswerInput:
    return AnswerInput(answer=text, version=version, memo=memo, client_key=key, seconds=seconds)
