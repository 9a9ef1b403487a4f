"""The people of a study as boards need them: candidate, person and finished interview."""

from sqlmodel import Session, col, select

from app.boards.people import Member
from app.candidates.models import Candidate
from app.core.errors import NotFound
from app.core.i18n import N_
from app.interviews import queries as interviews
from app.purchases.models import Person
from app.studies.models import Study


def members(session: Session, study: Study) -> tuple[Member, ...]:
    """Return everybody in the study in the order they were picked."""
    if study.id is None:
        return ()
    held = {interview.candidate_id: interview for interview in interviews.finished_interviews(session, study.id)}
    rows = session.exec(
        select(Candidate, Person)
        .join(Person, col(Person.id) == col(Candidate.person_id))
        .where(Candidate.study_id == study.id)
        .order_by(col(Candidate.id))
    )
    return tuple(Member(candidate, person, held.get(candidate.id or 0)) for candidate, person in rows)


def member(session: Session, study: Study, person_id: str) -> Member:
    """Return one person of the study by public id.

    Raises:
        NotFound: nobody of that id is in this study.
    """
    for found in members(session, study):
        if found.person.public_id == person_id:
            return found
    raise NotFound("no_person_in_study", N_("This person is not part of the study."))
