from datetime import datetime

import pytest
from sqlmodel import Session, select

from app.candidates.models import Candidate, CandidateEvent, CandidateState
from app.core.errors import Conflict
from app.interviews import operations
from app.interviews.models import InterviewMode, InterviewState
from app.interviews.schemas import FinishInput, StartInput
from tests.interviews.build import a_candidate, a_researcher, a_study, an_interview, consent


@pytest.mark.parametrize("state", [CandidateState.AGREED, CandidateState.SCHEDULED])
def test_starts_for_a_candidate_who_agreed(session: Session, now: datetime, state: CandidateState):
    actor = a_researcher(session, now=now)
    candidate = a_candidate(session, study=a_study(session, actor=actor, now=now), now=now, state=state)
    data = StartInput(mode=InterviewMode.VISIT)
    interview = operations.start(session, actor=actor, candidate=candidate, data=data, now=now)
    assert (interview.state, interview.mode) == (InterviewState.CONSENTING, InterviewMode.VISIT)
    assert (interview.person_id, interview.study_id) == (candidate.person_id, candidate.study_id)
    assert interview.started_at is None
    assert candidate.state is state


@pytest.mark.parametrize("state", [CandidateState.PROPOSED, CandidateState.INVITED])
def test_moves_an_early_candidate_to_agreed_in_the_same_step(session: Session, now: datetime, state: CandidateState):
    actor = a_researcher(session, now=now)
    candidate = a_candidate(session, study=a_study(session, actor=actor, now=now), now=now, state=state)
    operations.start(session, actor=actor, candidate=candidate, data=StartInput(), now=now)
    assert candidate.state is CandidateState.AGREED


@pytest.mark.parametrize("state", [CandidateState.DECLINED, CandidateState.NO_SHOW, CandidateState.HELD])
def test_refuses_a_candidate_who_will_not_talk(session: Session, now: datetime, state: CandidateState):
    actor = a_researcher(session, now=now)
    candidate = a_candidate(session, study=a_study(session, actor=actor, now=now), now=now, state=state)
    with pytest.raises(Conflict) as fault:
        operations.start(session, actor=actor, candidate=candidate, data=StartInput(), now=now)
    assert fault.value.code == "candidate_not_ready"


@pytest.mark.parametrize("meanwhile", [CandidateState.HELD, CandidateState.DECLINED, CandidateState.NO_SHOW])
def test_a_talk_can_be_finished_whatever_step_was_set_meanwhile(
    session: Session, now: datetime, meanwhile: CandidateState
):
    actor, interview = an_interview(session, now=now)
    candidate = session.get_one(Candidate, interview.candidate_id)
    candidate.state = meanwhile
    operations.finish(session, actor=actor, interview=interview, data=FinishInput(), now=now)
    assert (interview.state, candidate.state) == (InterviewState.FINISHED, CandidateState.HELD)
    held = select(CandidateEvent).where(CandidateEvent.state == CandidateState.HELD)
    assert len(session.exec(held).all()) == (meanwhile is not CandidateState.HELD)


def test_a_consent_taken_back_keeps_the_closing_notes_out(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    consent(session, actor=actor, interview=interview, granted=frozenset(), now=now)
    operations.finish(session, actor=actor, interview=interview, data=FinishInput(memo="余談も多かった"), now=now)
    assert (interview.state, interview.memo, interview.next_intention) == (InterviewState.FINISHED, "", None)


@pytest.mark.db
def test_starting_twice_gives_the_same_interview(session: Session, now: datetime):
    actor = a_researcher(session, now=now)
    candidate = a_candidate(session, study=a_study(session, actor=actor, now=now), now=now)
    first = operations.start(session, actor=actor, candidate=candidate, data=StartInput(), now=now)
    again = operations.start(session, actor=actor, candidate=candidate, data=StartInput(), now=now)
    assert first.id == again.id
