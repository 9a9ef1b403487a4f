"""The steps of the small company: imports, studies, interviews."""

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from app.accounts.schemas import Actor
from app.candidates import operations as candidates
from app.candidates.models import Candidate, CandidateState
from app.core.database import read_session, write_session
from app.interviews import operations as interviews
from app.interviews.models import ConsentItem, ConsentWay, Interview, InterviewMode, NextIntention
from app.interviews.schemas import AnswerInput, ConsentInput, FinishInput, StartInput
from app.jobs.schemas import JobServices
from app.purchases import operations as purchases
from app.purchases import queries as purchase_queries
from app.purchases.models import FileTable, Person
from app.purchases.tasks import run_check, run_import
from app.studies import operations as studies
from app.studies.schemas import MemberChange, NewStudy
from tests.support.members import member_file
from tests.support.moment import NOW
from tests.support.orders import order_file

if TYPE_CHECKING:
    from tests.support.world import World

EVERYTHING = frozenset(ConsentItem)


def add_imports(parts: JobServices, world: "World", *, customers: int) -> None:
    """One file taken in, one checked and waiting, one just uploaded."""

    world.ids["import"] = upload(parts, order_file(customers, product=world.texts.product), "orders.csv")
    check(parts, world.ids["import"])
    with write_session(parts.engine) as session:
        run = purchase_queries.get_import(session, world.ids["import"])
        purchases.confirm(session, run=run)
    run_import(parts, world.ids["import"])
    world.ids["import_checked"] = upload(parts, order_file(20, dirty=True), "orders_again.csv")
    check(parts, world.ids["import_checked"])
    world.ids["import_uploaded"] = upload(parts, order_file(3), "orders_new.csv")
    add_members(parts, world, customers=customers)
    with read_session(parts.engine) as session:
        page = purchase_queries.list_customers(session, parts.orders)
        world.ids |= {
            "customer": page.rows[0].customer_ref,
            "other_customer": page.rows[len(page.rows) // 2].customer_ref,
        }


def add_members(parts: JobServices, world: "World", *, customers: int) -> None:
    """A member file taken in, one checked, one just uploaded."""
    members = FileTable.MEMBERS
    world.ids["import_members"] = upload(parts, member_file(customers - 4), "members.csv", members)
    check(parts, world.ids["import_members"])
    with write_session(parts.engine) as session:
        run = purchase_queries.get_import(session, world.ids["import_members"])
        purchases.confirm(session, run=run)
    run_import(parts, world.ids["import_members"])
    world.ids["members_checked"] = upload(parts, member_file(customers), "members_later.csv", members)
    check(parts, world.ids["members_checked"])
    world.ids["members_uploaded"] = upload(parts, member_file(9), "members_new.csv", members)


def upload(parts: JobServices, content: bytes, name: str, table: FileTable = FileTable.ORDERS) -> str:
    parts.settings.uploads_dir.mkdir(parents=True, exist_ok=True)
    path = parts.settings.uploads_dir / f"incoming-{name}"
    path.write_bytes(content)
    from tests.support.world import actor_named

    with write_session(parts.engine) as session:
        run = purchases.start_import(
            session,
            parts.orders,
            actor=actor_named(session, "researcher"),
            source="本店",
            file_name=name,
            path=path,
            now=NOW,
            table=table,
        )
        return run.public_id


def check(parts: JobServices, public_id: str) -> None:
    with read_session(parts.engine) as session:
        preview = purchases.inspect(parts.orders, purchase_queries.get_import(session, public_id))
    with write_session(parts.engine) as session:
        run = purchase_queries.get_import(session, public_id)
        purchases.set_mapping(session, run=run, mapping=preview.mapping)
        purchases.request_check(session, run=run)
    run_check(parts, public_id)


def add_studies(session: Session, parts: JobServices, world: "World", researcher: Actor, outsider: Actor) -> None:
    """Study A with candidates, open to the planner; study B of somebody else."""
    texts = world.texts
    data = NewStudy(product=texts.product, title=texts.title, question=texts.question, loyal=2, lapsed=2, churned=2)
    study = studies.create_study(session, actor=researcher, data=data, now=NOW)
    studies.change_member(session, study=study, data=MemberChange(login="planner", action="add_member"))
    other = studies.create_study(session, actor=outsider, data=NewStudy(product="別の商品", loyal=1), now=NOW)
    candidates.pick(session, parts.orders, actor=researcher, study=study, as_of=None, now=NOW)
    world.ids |= {"study": study.public_id, "other_study": other.public_id}


def add_interviews(session: Session, parts: JobServices, world: "World", actor: Actor) -> None:
    """A finished interview, a live one, one that waits for consent, and a candidate who agreed."""
    picked = list(session.exec(select(Candidate).order_by(col(Candidate.id))))
    finished, live, consenting, agreed, proposed = picked[:5]
    world.ids |= {"proposed": proposed.public_id, "agreed": agreed.public_id}
    done = begin(session, actor, finished)
    consent(session, actor, done)
    for question in ("q1", "q2", "q3", "q4", "q5", "q6"):
        answer(session, actor, done, question, world)
    close(session, actor, done, world)
    running = begin(session, actor, live)
    consent(session, actor, running)
    answer(session, actor, running, "q1", world)
    waiting = begin(session, actor, consenting)
    agree(session, actor, agreed)
    person = session.get_one(Person, finished.person_id)
    world.ids |= {
        "finished": done.public_id,
        "live": running.public_id,
        "consenting": waiting.public_id,
        "person": person.public_id,
    }


def agree(session: Session, actor: Actor, candidate: Candidate) -> None:
    candidates.move(session, candidate=candidate, state=CandidateState.AGREED, now=NOW, actor=actor)


def begin(session: Session, actor: Actor, candidate: Candidate) -> Interview:
    agree(session, actor, candidate)
    return interviews.start(
        session, actor=actor, candidate=candidate, data=StartInput(mode=InterviewMode.ONLINE), now=NOW
    )


def consent(session: Session, actor: Actor, interview: Interview) -> None:
    data = ConsentInput(way=ConsentWay.TABLET, granted=EVERYTHING)
    interviews.record_consent(session, actor=actor, interview=interview, data=data, now=NOW)


def answer(session: Session, actor: Actor, interview: Interview, question: str, world: "World") -> None:
    data = AnswerInput(answer=f"{question}: {world.texts.answer}", memo=world.texts.memo, version=0, seconds=60)
    interviews.save_answer(session, actor=actor, interview=interview, question_id=question, data=data, now=NOW)


def close(session: Session, actor: Actor, interview: Interview, world: "World") -> None:
    data = FinishInput(next_intention=NextIntention.YES, memo=world.texts.memo)
    interviews.finish(session, actor=actor, interview=interview, data=data, now=NOW)
