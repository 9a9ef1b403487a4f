from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from app.core.errors import Conflict
from app.interviews import operations, queries
from app.interviews.consents import CONSENT_FILE, current_wording, parse_wordings
from app.interviews.models import AnswerVersion, Consent, ConsentItem, ConsentWay, InterviewState
from app.interviews.pages import interview_page
from app.interviews.schemas import ConsentInput, FinishInput
from tests.interviews.build import an_interview, consent, typed

EVERYTHING = frozenset(ConsentItem)
PART = frozenset({ConsentItem.PARTICIPATION})


@pytest.mark.db
@pytest.mark.parametrize("granted", [None, frozenset(), EVERYTHING - PART])
def test_no_answer_is_stored_before_participation(session: Session, now: datetime, granted):
    actor, interview = an_interview(session, now=now, granted=granted)
    with pytest.raises(Conflict) as fault:
        operations.save_answer(
            session, actor=actor, interview=interview, question_id="q1", data=typed("悩みは"), now=now
        )
    assert (fault.value.code, fault.value.status) == ("no_participation", 409)
    with pytest.raises(Conflict):
        operations.skip(session, actor=actor, interview=interview, question_id="q1", data=typed(""), now=now)
    assert queries.answers(session, interview.id or 0) == []
    assert session.exec(select(AnswerVersion)).all() == []


def test_participation_starts_the_clock(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now, granted=frozenset())
    before = (interview.state, interview.started_at)
    consent(session, actor=actor, interview=interview, granted=PART, now=now + timedelta(minutes=2))
    assert before == (InterviewState.CONSENTING, None)
    assert (interview.state, interview.started_at) == (InterviewState.LIVE, now + timedelta(minutes=2))


@pytest.mark.db
def test_every_decision_is_kept_with_date_wording_and_way(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now, granted=EVERYTHING)
    consent(session, actor=actor, interview=interview, granted=PART, now=now + timedelta(days=1))
    rows = session.exec(select(Consent).where(Consent.item == ConsentItem.ADVERTISING)).all()
    assert [(row.granted, row.given_at) for row in rows] == [(True, now), (False, now + timedelta(days=1))]
    assert {row.text_version for row in rows} == {current_wording().version}
    assert queries.consent_items(session, interview.id or 0) == PART


def test_the_same_decisions_again_add_no_row(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now, granted=PART)
    consent(session, actor=actor, interview=interview, granted=PART, now=now)
    assert len(session.exec(select(Consent)).all()) == len(ConsentItem)


def test_taking_participation_back_hides_what_was_said(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now, granted=EVERYTHING)
    operations.save_answer(session, actor=actor, interview=interview, question_id="q1", data=typed("乾燥"), now=now)
    operations.finish(session, actor=actor, interview=interview, data=FinishInput(memo="気づき"), now=now)
    assert queries.finished_interviews(session, interview.study_id) == [interview]

    consent(session, actor=actor, interview=interview, granted=EVERYTHING - PART, now=now)
    assert queries.finished_interviews(session, interview.study_id) == []
    page = interview_page(session, actor=actor, interview_id=interview.public_id, now=now)
    assert (page.steps, page.memo) == ((), "")

    consent(session, actor=actor, interview=interview, granted=EVERYTHING, now=now)
    assert queries.finished_interviews(session, interview.study_id) == [interview]


def test_the_version_kept_names_the_language_read_out(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now, granted=None)
    data = ConsentInput(way=ConsentWay.TABLET, granted=PART, language="en")
    operations.record_consent(session, actor=actor, interview=interview, data=data, now=now)
    versions = set(session.exec(select(col(Consent.text_version))))
    assert versions == {current_wording("en").version}
    assert versions != {current_wording("ja").version}


def test_wordings_have_all_items_in_both_languages():
    source = CONSENT_FILE.read_text("utf-8")
    for locale in ("ja", "en"):
        for wording in parse_wordings(source, locale):
            assert [text.item for text in wording.items] == list(ConsentItem)
            assert wording.items[0].item is ConsentItem.PARTICIPATION
            assert all(text.says and text.means for text in wording.items)
