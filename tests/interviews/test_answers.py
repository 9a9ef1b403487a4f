from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import Session, col, select

from app.candidates.models import Candidate, CandidateState
from app.core.errors import Conflict, NotFound
from app.interviews import operations, queries
from app.interviews.answers import AnswerConflict
from app.interviews.models import AnswerState, AnswerVersion, InterviewState, NextIntention
from app.interviews.schemas import AnswerInput, FinishInput
from app.purchases.classes import CustomerClass
from tests.interviews.build import an_interview, typed

HARD_TEXTS = ["右から\u202e左", "👩‍👩‍👧 家族", "ハ\u309aハ\u309a", "髙﨑①㈱", "あ" * 100_000, "改行\n二つ\n\n"]


def save(session, actor, interview, data, now, *, question_id="q1"):
    return operations.save_answer(
        session, actor=actor, interview=interview, question_id=question_id, data=data, now=now
    )


@pytest.mark.db
def test_each_save_is_a_new_version_and_all_are_kept(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    first = save(session, actor, interview, typed("正直"), now)
    second = save(session, actor, interview, typed("正直、1本目は", version=1, seconds=40), now + timedelta(seconds=9))
    assert (first.version, second.version, second.state) == (1, 2, AnswerState.ASKED)
    kept = session.exec(select(col(AnswerVersion.text)).order_by(col(AnswerVersion.version))).all()
    assert kept == ["正直", "正直、1本目は"]
    answer = queries.get_answer(session, interview, "q1")
    assert answer is not None
    assert (answer.text, answer.seconds, answer.updated_at) == ("正直、1本目は", 40, now + timedelta(seconds=9))


@pytest.mark.db
def test_a_stale_writer_gets_both_texts_and_overwrites_nothing(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, typed("一台目の文"), now)
    with pytest.raises(AnswerConflict) as clash:
        save(session, actor, interview, typed("二台目の文", version=0), now)
    assert (clash.value.status, clash.value.stored.text) == (409, "一台目の文")
    assert clash.value.typed.answer == "二台目の文"
    assert clash.value.stored.version == 1
    answer = queries.get_answer(session, interview, "q1")
    assert answer is not None
    assert answer.text == "一台目の文"


def test_a_stale_memo_clashes_too(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, typed("同じ文", memo="一つ目のメモ"), now)
    with pytest.raises(AnswerConflict):
        save(session, actor, interview, typed("同じ文", memo="二つ目のメモ"), now)


def test_a_stale_writer_with_the_same_text_is_no_clash(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, typed("同じ文"), now)
    assert save(session, actor, interview, typed("同じ文"), now).version == 1


@pytest.mark.db
def test_the_same_request_twice_makes_one_row(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, typed("一度だけ", key="k1"), now)
    again = save(session, actor, interview, typed("一度だけ", key="k1"), now)
    assert (again.version, again.repeated) == (1, True)
    assert len(session.exec(select(AnswerVersion)).all()) == 1


def test_a_repeat_after_somebody_else_wrote_keeps_its_own_version(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, typed("私の文", key="k1"), now)
    save(session, actor, interview, typed("ほかの人の文", version=1), now)
    again = save(session, actor, interview, typed("私の文", key="k1"), now)
    assert again.version == 1
    with pytest.raises(AnswerConflict):
        save(session, actor, interview, typed("私の文と続き", version=again.version), now)


def test_a_used_key_with_another_text_is_not_swallowed(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, typed("はじめ", key="k1"), now)
    save(session, actor, interview, typed("書き直し", key="k1", version=1), now)
    answer = queries.get_answer(session, interview, "q1")
    assert answer is not None
    assert (answer.text, answer.version) == ("書き直し", 2)


@pytest.mark.db
def test_hard_texts_come_back_identical(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    for number, text in enumerate(HARD_TEXTS, start=1):
        save(session, actor, interview, typed(text), now, question_id=f"q{number}")
    session.expire_all()
    assert [answer.text for answer in queries.answers(session, interview.id or 0)] == HARD_TEXTS


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "あ\udfff", "あ" * 200_001])
def test_unusable_characters_are_refused(text: str):
    with pytest.raises(ValidationError):
        AnswerInput(answer=text)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=60))
def test_any_other_text_passes_unchanged(text: str):
    assert AnswerInput(answer=text).answer == text


def test_posted_line_ends_are_plain():
    assert AnswerInput(answer="一\r\n二\r三").answer == "一\n二\n三"


def test_skipping_marks_the_question_and_loses_no_text(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    empty = operations.skip(session, actor=actor, interview=interview, question_id="q4", data=typed(""), now=now)
    written = operations.skip(
        session, actor=actor, interview=interview, question_id="q5", data=typed("途中まで"), now=now
    )
    assert (empty.state, written.state) == (AnswerState.SKIPPED, AnswerState.ASKED)
    answer = queries.get_answer(session, interview, "q5")
    assert answer is not None
    assert answer.text == "途中まで"


def test_a_skipped_question_may_be_answered_later(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    operations.skip(session, actor=actor, interview=interview, question_id="q4", data=typed(""), now=now)
    assert save(session, actor, interview, typed("やはり"), now, question_id="q4").state is AnswerState.ASKED


def test_probes_and_time_marks_are_kept(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, AnswerInput(answer="文", probes=frozenset({0, 2}), marks=(61,)), now)
    later = now + timedelta(seconds=125)
    save(session, actor, interview, AnswerInput(answer="文", version=1, probes=frozenset({2}), mark_now=True), later)
    answer = queries.get_answer(session, interview, "q1")
    assert answer is not None
    assert (answer.probes_asked, answer.time_marks) == ([2], [61, 125])


@pytest.mark.parametrize(("lane", "asked"), [(CustomerClass.LOYAL, False), (CustomerClass.CHURNED, True)])
def test_the_two_extra_questions_are_for_those_who_left(session: Session, now: datetime, lane, asked: bool):
    actor, interview = an_interview(session, now=now, lane=lane)
    if asked:
        assert save(session, actor, interview, typed("余って"), now, question_id="c1").version == 1
    else:
        with pytest.raises(NotFound):
            save(session, actor, interview, typed("余って"), now, question_id="c1")


def test_finish_closes_interview_and_candidate(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, typed("文"), now)
    data = FinishInput(next_intention=NextIntention.YES, memo="また話したいとのこと")
    operations.finish(session, actor=actor, interview=interview, data=data, now=now)
    assert (interview.state, interview.finished_at) == (InterviewState.FINISHED, now)
    assert interview.next_intention is NextIntention.YES
    assert session.get_one(Candidate, interview.candidate_id).state is CandidateState.HELD
    with pytest.raises(Conflict) as fault:
        save(session, actor, interview, typed("あとから", version=1), now)
    assert fault.value.code == "interview_finished"


def test_finishing_twice_changes_nothing(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    operations.finish(session, actor=actor, interview=interview, data=FinishInput(memo="一度目"), now=now)
    later = now + timedelta(hours=1)
    operations.finish(session, actor=actor, interview=interview, data=FinishInput(memo="二度目"), now=later)
    assert (interview.memo, interview.finished_at) == ("一度目", now)


def test_an_interview_without_consent_cannot_be_finished(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now, granted=None)
    with pytest.raises(Conflict):
        operations.finish(session, actor=actor, interview=interview, data=FinishInput(), now=now)


def test_revising_adds_a_version_after_the_end(session: Session, now: datetime):
    actor, interview = an_interview(session, now=now)
    save(session, actor, interview, typed("誤字", memo="メモ"), now)
    operations.finish(session, actor=actor, interview=interview, data=FinishInput(), now=now)
    answer = queries.get_answer(session, interview, "q1")
    assert answer is not None
    revised = operations.revise_answer(session, actor=actor, answer=answer, text="直した字", now=now)
    assert (revised.text, revised.version, revised.memo) == ("直した字", 2, "メモ")
