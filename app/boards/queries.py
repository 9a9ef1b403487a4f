"""Reads of boards: one person, one study, the list. Membership and scope are checked here, at every use."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.boards.asked import asked_of, held_on, record
from app.boards.attributes import attributes_of_people, compared, table_by
from app.boards.many import study_table
from app.boards.many.findings import findings
from app.boards.many.study_table import HeardPerson
from app.boards.many.twins import pairs
from app.boards.members import member, members
from app.boards.one.assemble import BoardSource, assemble
from app.boards.one.journey import journey
from app.boards.people import Member, Voices
from app.boards.relative import board_events, board_orders
from app.boards.schemas import PersonBoard, View
from app.boards.scope import view_of
from app.boards.study_schemas import BoardLine, PersonLine, StudyBoard, TwinLine, Twins
from app.boards.voices import voices
from app.language.codebook import Stage
from app.purchases import queries as purchases
from app.purchases.store import OrdersStore
from app.studies import queries as studies
from app.studies.models import Study
from app.tagging import queries as tagging
from app.tagging.schemas import Quote


def person_board(session: Session, store: OrdersStore, *, actor: Actor, study_id: str, person_id: str) -> PersonBoard:
    """Return the board of one customer, cut to what this reader may see.

    Raises:
        NotFound: not a member of the study, or the person is not in it.
    """
    study = studies.get_study(session, actor=actor, study_id=study_id)
    found = member(session, study, person_id)
    view = view_of(actor)
    heard = heard_voices(session, (found,), view)
    timeline = purchases.person_timeline(session, store, person_id=found.candidate.person_id)
    return assemble(
        BoardSource(study=study, member=found, timeline=timeline, view=view),
        heard=heard,
        journey=journey(heard.quotes, asked_of(session, study, (found,))[0], hidden=hidden_stages(heard)),
        interview=record(session, found, heard.quotes, view, ZoneInfo(store.settings.timezone)),
    )


def study_board(
    session: Session, store: OrdersStore, *, actor: Actor, study_id: str, by: str = ""
) -> StudyBoard:  # fmt: skip
    """Return everybody heard in a study side by side, by an attribute too, cut to what this reader may see.

    Raises:
        NotFound: not a member of the study.
    """
    study = studies.get_study(session, actor=actor, study_id=study_id)
    view = view_of(actor)
    people = members(session, study)
    heard = heard_voices(session, people, view)
    interviewed = heard_people(session, study, people, heard)
    zone = ZoneInfo(store.settings.timezone)
    held = sorted(held_on(found.interview, zone) for found in people if found.interview is not None)
    own = attributes_of_people(session, store, [found for found in people if found.interview is not None])
    classes = study_table.class_counts(interviewed)
    table = study_table.stage_table(interviewed)
    channels = study_table.channel_rows(interviewed)
    anxieties = study_table.anxiety_rows(interviewed)
    cancel_reasons = study_table.cancel_rows(interviewed)
    return StudyBoard(
        view=view,
        study_id=study.public_id,
        study_title=study.title,
        product=study.product,
        question=study.question,
        as_of=purchases.as_of(session, store) or study.as_of,
        people=person_lines(people, heard),
        classes=classes,
        confirmed=len({quote.sentence_id for quote in heard.quotes if quote.confirmed}),
        first_held=shown_day(held[0], view) if held else None,
        last_held=shown_day(held[-1], view) if held else None,
        findings=findings(classes, table, anxieties, cancel_reasons, channels),
        table=table,
        channels=channels,
        anxieties=anxieties,
        cancel_reasons=cancel_reasons,
        twins=twins_of(session, store, people, view),
        quotes=heard.quotes,
        left_out=heard.left_out,
        attributes=compared(own),
        by=table_by(session, store, interviewed, own, name=by, view=view) if by else None,
    )


def list_boards(session: Session, *, actor: Actor) -> tuple[BoardLine, ...]:
    """Return the studies of this reader with their people, newest study first."""
    lines = []
    for row in studies.list_studies(session, actor=actor):
        study = studies.get_study(session, actor=actor, study_id=row.public_id)
        people = members(session, study)
        heard = heard_voices(session, people, view_of(actor))
        lines.append(
            BoardLine(
                study_id=study.public_id,
                title=study.title,
                product=study.product,
                interviewed=sum(found.interview is not None for found in people),
                people=person_lines(people, heard),
            )
        )
    return tuple(lines)


def heard_voices(session: Session, people: Sequence[Member], view: View) -> Voices:
    """Return the quotes of these people that the view may read."""
    held = [found.interview for found in people if found.interview is not None]
    said: list[Quote] = []
    if len(people) == 1 and held:
        said = tagging.quotes(session, interview_id=held[0].id)
    elif held:
        said = tagging.quotes(session, study_id=held[0].study_id)
    return voices(
        session,
        held,
        said=said,
        speakers={found.candidate.person_id: found.speaker for found in people},
        view=view,
    )


def hidden_stages(heard: Voices) -> frozenset[Stage]:
    """Return stages that have voices which this reader may not see."""
    return frozenset(Stage(quote.stage) for quote in heard.hidden)


def heard_people(session: Session, study: Study, people: Sequence[Member], heard: Voices) -> tuple[HeardPerson, ...]:
    """Return everybody with a finished interview whose voice this reader may hear."""
    silent = {quote.person_id for quote in heard.hidden}
    audible = [found for found in people if found.interview is not None and found.candidate.person_id not in silent]
    return tuple(
        HeardPerson(
            person_id=found.speaker.person_id,
            code_name=found.speaker.code_name,
            customer_class=found.candidate.lane,
            journey=journey(own := heard.of(found.speaker.person_id), asked, hidden=frozenset()),
            quotes=own,
        )
        for found, asked in zip(audible, asked_of(session, study, audible), strict=True)
    )


def person_lines(people: Sequence[Member], heard: Voices) -> tuple[PersonLine, ...]:
    """Return one line per person of the study: interviewed or still to be heard."""
    return tuple(
        PersonLine(
            person_id=found.speaker.person_id,
            code_name=found.speaker.code_name,
            customer_class=found.candidate.lane,
            quotes=len({quote.sentence_id for quote in heard.of(found.speaker.person_id)}),
            interviewed=found.interview is not None,
        )
        for found in people
    )


def twins_of(session: Session, store: OrdersStore, people: Sequence[Member], view: View) -> tuple[Twins, ...]:
    """Return the study's twins with their orders; only people in a pair are read from the store."""
    links = [
        (found.candidate.id, found.candidate.twin_id)
        for found in people
        if found.candidate.id is not None and found.candidate.twin_id is not None
    ]
    paired = {candidate for link in links for candidate in link}
    lines = {
        found.candidate.id: twin_line(session, store, found, view)
        for found in people
        if found.candidate.id is not None and found.candidate.id in paired
    }
    return pairs(lines, links)


def twin_line(session: Session, store: OrdersStore, found: Member, view: View) -> TwinLine:
    """Return one person's orders for a pair."""
    timeline = purchases.person_timeline(session, store, person_id=found.candidate.person_id)
    first = timeline.orders[0].ordered_on if timeline.orders else None
    return TwinLine(
        person_id=found.speaker.person_id,
        code_name=found.speaker.code_name,
        customer_class=found.candidate.lane,
        orders=board_orders(timeline, view),
        events=board_events(timeline.events, first=first, view=view),
    )


def shown_day(day: date, view: View) -> date:
    """Return the day, or the first of its month in the planner view."""
    return day if view is View.RESEARCHER else day.replace(day=1)
