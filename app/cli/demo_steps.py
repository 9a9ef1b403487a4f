"""The steps that build the demo, each by the operations the screens use, each harmless when done already."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts import operations as accounts
from app.accounts.queries import as_actor, user_by_login
from app.accounts.schemas import Actor, NewUser, Role
from app.candidates import operations as candidates
from app.candidates.models import Candidate, CandidateState
from app.candidates.planning import plan_pick
from app.cli.demo_files import DEMO_DIR, DemoStudy, DemoUser, OrderFile, Talk
from app.core.database import read_session, write_session
from app.interviews import operations as interviews
from app.interviews.models import Interview
from app.interviews.schemas import AnswerInput, ConsentInput, FinishInput, StartInput
from app.jobs.schemas import JobServices
from app.purchases import operations as purchases
from app.purchases.models import ImportRun, ImportState, Person
from app.purchases.tasks import run_check, run_import
from app.studies import operations as studies
from app.studies.models import Study
from app.studies.schemas import NewStudy

SETTLED = (ImportState.DONE, ImportState.UNDONE)
STARTABLE = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED, ImportState.IMPORTING)
SPOKEN_PER_MINUTE = 52  # seconds of a minute that go to answers; consent and farewell take the rest
MINUTES_SO_FAR = 18  # of the talk that is still going on


def make_users(session: Session, users: Sequence[DemoUser], *, now: datetime) -> list[tuple[DemoUser, str]]:
    """Make the people who are missing and return them with their random passwords."""
    made = []
    for user in users:
        if user_by_login(session, user.login) is None:
            data = NewUser(login=user.login, display_name=user.display_name, role=user.role)
            made.append((user, accounts.create_user(session, data=data, now=now)[1]))
    return made


def researcher(session: Session, users: Sequence[DemoUser]) -> Actor:
    """Return the researcher of the demo, in whose name everything is done."""
    login = next(user.login for user in users if user.role is Role.RESEARCHER)
    found = user_by_login(session, login)
    if found is None:
        raise LookupError(login)
    return as_actor(found)


def import_file(parts: JobServices, actor: Actor, file: OrderFile, *, folder: Path = DEMO_DIR) -> None:
    """Import one order file with the columns the importer proposes; one begun before goes on where it stopped."""
    then = replace(parts, clock=lambda: file.at)
    with read_session(parts.engine) as session:
        runs = session.scalars(
            select(ImportRun).where(col(ImportRun.source) == file.source, col(ImportRun.file_name) == file.name)
        ).all()
        if any(run.state in SETTLED for run in runs):
            return
        run_id = next((run.public_id for run in runs if run.state in STARTABLE), None)
    run_id = run_id or _upload(then, actor, file, folder)
    _check(then, run_id, file)
    with write_session(parts.engine) as session:
        run = _run(session, run_id)
        if run.state is ImportState.CHECKED:
            purchases.confirm(session, run=run)
    run_import(then, run_id)
    with read_session(parts.engine) as session:
        if (state := _run(session, run_id).state) is not ImportState.DONE:
            message = f"{file.name}: {state.value}"
            raise RuntimeError(message)


def _upload(parts: JobServices, actor: Actor, file: OrderFile, folder: Path) -> str:
    path = folder / "orders" / file.name
    with write_session(parts.engine) as session:
        run = purchases.start_import(
            session, parts.orders, actor=actor, source=file.source, file_name=file.name, path=path, now=file.at,
            keep_original=True, table=file.table,
        )  # fmt: skip
        return run.public_id


def _check(parts: JobServices, run_id: str, file: OrderFile) -> None:
    with read_session(parts.engine) as session:
        run = _run(session, run_id)
        state = run.state
        preview = purchases.inspect(parts.orders, run) if state is ImportState.UPLOADED else None
    if preview is not None:
        mapping = preview.mapping.model_copy(update={"drop_exact_duplicates": file.drop_repeats})
        with write_session(parts.engine) as session:
            run = _run(session, run_id)
            purchases.set_mapping(session, run=run, mapping=mapping)
            purchases.request_check(session, run=run)
    if state in {ImportState.UPLOADED, ImportState.CHECKING}:
        run_check(parts, run_id)


def _run(session: Session, public_id: str) -> ImportRun:
    return session.scalars(select(ImportRun).where(col(ImportRun.public_id) == public_id)).one()


def make_study(session: Session, actor: Actor, plan: DemoStudy) -> Study:
    """Return the study of this title, made now if it is missing."""
    found = session.scalar(select(Study).where(col(Study.title) == plan.title))
    if found is not None:
        return found
    data = NewStudy(
        product=plan.product, title=plan.title, question=plan.question, loyal=plan.loyal, lapsed=plan.lapsed,
        churned=plan.churned, hypotheses=plan.hypotheses,
    )  # fmt: skip
    return studies.create_study(session, actor=actor, data=data, now=plan.at, logins=plan.members)


def fill_study(parts: JobServices, actor: Actor, plan: DemoStudy, talks: Sequence[Talk]) -> None:
    """Make a study; choose by hand those of the interviews whom the picker would not, then let it pick; move on."""
    later = plan.at + timedelta(minutes=20)
    with write_session(parts.engine) as session:
        study = make_study(session, actor, plan)
        if _people_of(session, study):
            return
        open_refs = [parts.orders.customer_ref(talk.source, talk.customer_id) for talk in talks]
        while open_refs:
            planned = _planned(session, parts, study, now=later)
            overlooked = [ref for ref in open_refs if ref not in planned]
            for ref in overlooked:
                candidates.nominate(session, parts.orders, actor=actor, study=study, customer_ref=ref, now=plan.at)
            open_refs = [ref for ref in open_refs if ref in planned] if overlooked else []
        candidates.pick(session, parts.orders, actor=actor, study=study, as_of=None, now=later)
        _move_on(session, actor, study, plan, apart=talks)


def _planned(session: Session, parts: JobServices, study: Study, *, now: datetime) -> frozenset[str]:
    plan = plan_pick(session, parts.orders, study=study, as_of=None, now=now)
    return frozenset(chosen.summary.customer_ref for lane in plan.lanes for chosen in lane.chosen)


def _people_of(session: Session, study: Study) -> dict[tuple[str, str], Candidate]:
    rows = session.execute(
        select(Candidate, Person).join(Person, col(Person.id) == col(Candidate.person_id))
        .where(col(Candidate.study_id) == study.id)
        .order_by(col(Candidate.id))
    )  # fmt: skip
    return {(person.source, person.customer_id): candidate for candidate, person in rows}


PATHS: dict[CandidateState, tuple[CandidateState, ...]] = {
    CandidateState.INVITED: (CandidateState.INVITED,),
    CandidateState.DECLINED: (CandidateState.INVITED, CandidateState.DECLINED),
    CandidateState.AGREED: (CandidateState.INVITED, CandidateState.AGREED),
    CandidateState.SCHEDULED: (CandidateState.INVITED, CandidateState.AGREED, CandidateState.SCHEDULED),
}


def _move_on(session: Session, actor: Actor, study: Study, plan: DemoStudy, *, apart: Sequence[Talk]) -> None:
    """Take some of the proposed people as far as the plan says, apart from those of the interviews."""
    asked = {(talk.source, talk.customer_id) for talk in apart}
    rows = [candidate for key, candidate in _people_of(session, study).items() if key not in asked]
    for lane, states in plan.states.items():
        proposed = [row for row in rows if row.lane is lane]
        for candidate, state in zip(proposed, states, strict=False):
            walk(session, actor, candidate, PATHS[state], start=plan.at + timedelta(days=1))


def walk(
    session: Session, actor: Actor, candidate: Candidate, path: Sequence[CandidateState], *, start: datetime,
    meets: datetime | None = None,
) -> None:  # fmt: skip
    """Move a candidate along a path, a day a step."""
    meets = meets or (start + timedelta(days=20)).replace(minute=0)
    for step, state in enumerate(path):
        candidates.move(
            session, candidate=candidate, state=state, now=start + timedelta(days=step), actor=actor,
            scheduled_for=meets if state is CandidateState.SCHEDULED else None,
        )  # fmt: skip


def hold_talk(parts: JobServices, actor: Actor, plan: DemoStudy, talk: Talk) -> None:
    """Invite, ask for consent, write down the answers and, unless it is still going on, finish: all or nothing."""
    with write_session(parts.engine) as session:
        study = make_study(session, actor, plan)
        candidate = _people_of(session, study)[talk.source, talk.customer_id]
        if session.scalar(select(col(Interview.id)).where(col(Interview.candidate_id) == candidate.id)) is not None:
            return
        walk(
            session, actor, candidate, PATHS[CandidateState.SCHEDULED], start=talk.invited_at, meets=talk.held_at
        )  # fmt: skip
        interview = interviews.start(
            session, actor=actor, candidate=candidate, data=StartInput(mode=talk.mode), now=talk.held_at
        )
        consent = ConsentInput(way=talk.way, granted=talk.granted)
        interviews.record_consent(session, actor=actor, interview=interview, data=consent, now=talk.held_at)
        _write_answers(session, actor, interview, talk)
        if not talk.live:
            ended = talk.held_at + timedelta(minutes=talk.minutes)
            closing = FinishInput(next_intention=talk.next_intention or None, memo=talk.memo)
            interviews.finish(session, actor=actor, interview=interview, data=closing, now=ended)


def _write_answers(session: Session, actor: Actor, interview: Interview, talk: Talk) -> None:
    now = talk.held_at
    spoken = (talk.minutes or MINUTES_SO_FAR) * SPOKEN_PER_MINUTE
    letters = sum(len(text) for text in talk.answers.values())
    for question_id, text in talk.answers.items():
        seconds = spoken * len(text) // letters
        now += timedelta(seconds=seconds)
        data = AnswerInput(answer=text, seconds=seconds)
        interviews.save_answer(
            session, actor=actor, interview=interview, question_id=question_id, data=data, now=now
        )  # fmt: skip
    for question_id in talk.skipped:
        interviews.skip(session, actor=actor, interview=interview, question_id=question_id, data=AnswerInput(), now=now)
