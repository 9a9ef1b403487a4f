"""Deciding, adding, accepting all, and keeping decisions through changes of the answer."""

from datetime import datetime

import pytest
from sqlmodel import Session

from app.core.errors import AppError, Conflict, NotFound
from app.interviews.models import ConsentItem
from app.language.codebook import Stage
from app.tagging import operations, queries
from app.tagging.models import Tag, TagOrigin, TagState
from app.tagging.schemas import Decision, NewTag
from tests.interviews.build import a_researcher, consent
from tests.tagging.build import SAID, Reviewed, a_tagged_answer, sentences, split_at_stops, tags


@pytest.mark.db
def test_tags_are_stored_with_their_sentences(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    first, second = sentences(session, made.answer)
    assert (first.text, second.text) == ("友達に聞いて知りました。", "かわいいから買いました。")
    assert SAID[second.start : second.end] == second.text
    (tag,) = tags(session, first)
    assert (tag.stage, tag.state, tag.origin, tag.facets) == (
        Stage.AWARENESS, TagState.PROPOSED, TagOrigin.MACHINE, ["action"],
    )  # fmt: skip


def test_accept_reject_and_change_remember_who_and_what(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    tag = tags(session, sentences(session, made.answer)[0])[0]
    decide(session, made, tag, "accept", now)
    assert (tag.state, tag.decided_by, tag.decided_at) == (TagState.ACCEPTED, made.actor.user_id, now)
    decide(session, made, tag, "reject", now)
    assert tag.state is TagState.REJECTED
    decide(session, made, tag, "change", now, stage=Stage.CONSIDERATION)
    assert (tag.state, tag.stage, tag.proposed_stage) == (TagState.CHANGED, Stage.CONSIDERATION, "awareness")
    decide(session, made, tag, "change", now, stage=Stage.AWARENESS)
    assert (tag.state, tag.stage) == (TagState.ACCEPTED, Stage.AWARENESS)
    assert tag.channel == ["word_of_mouth"]


def decide(
    session: Session, made: Reviewed, tag: Tag, action: str, now: datetime, *, stage: Stage | None = None
) -> None:
    data = Decision(action=action, stage=stage)
    operations.decide(session, actor=made.actor, tag=tag, data=data, now=now)


def test_a_change_needs_a_stage(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    tag = tags(session, sentences(session, made.answer)[0])[0]
    with pytest.raises(AppError):
        decide(session, made, tag, "change", now)


def test_a_changed_tag_takes_the_place_of_one_with_that_stage(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    sentence = sentences(session, made.answer)[0]
    operations.add_tag(session, actor=made.actor, sentence=sentence, data=NewTag(stage=Stage.ANXIETY), now=now)
    decide(session, made, tags(session, sentence)[0], "change", now, stage=Stage.ANXIETY)
    assert [tag.stage for tag in tags(session, sentence)] == [Stage.ANXIETY]


def test_a_person_adds_a_stage_with_its_words(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    sentence = sentences(session, made.answer)[0]
    data = NewTag(stage=Stage.CONSIDERATION, evidence="聞いて")
    tag = operations.add_tag(session, actor=made.actor, sentence=sentence, data=data, now=now)
    assert (tag.origin, tag.state, sentence.text[tag.start : tag.end]) == (
        TagOrigin.PERSON, TagState.ACCEPTED, "聞いて",
    )  # fmt: skip
    again = operations.add_tag(session, actor=made.actor, sentence=sentence, data=data, now=now)
    assert again.id == tag.id
    missing = NewTag(stage=Stage.ANXIETY, evidence="ここにない言葉")
    with pytest.raises(AppError):
        operations.add_tag(session, actor=made.actor, sentence=sentence, data=missing, now=now)


def test_accept_all_leaves_what_was_decided(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    first, second = sentences(session, made.answer)
    decide(session, made, tags(session, first)[0], "reject", now)
    assert operations.accept_all(session, actor=made.actor, interview=made.interview, now=now) == 1
    assert tags(session, first)[0].state is TagState.REJECTED
    assert tags(session, second)[0].state is TagState.ACCEPTED


@pytest.mark.db
def test_tagging_again_replaces_proposals_and_keeps_decisions(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    first, second = sentences(session, made.answer)
    decide(session, made, tags(session, first)[0], "reject", now)
    fresh = split_at_stops(SAID, Stage.AWARENESS, Stage.EXPERIENCE)
    operations.store_tags(session, answer=made.answer, sentences=fresh, now=now)
    assert [sentence.public_id for sentence in sentences(session, made.answer)] == [first.public_id, second.public_id]
    assert [tag.state for tag in tags(session, first)] == [TagState.REJECTED]
    assert [(tag.stage, tag.state) for tag in tags(session, second)] == [(Stage.EXPERIENCE, TagState.PROPOSED)]


@pytest.mark.db
def test_a_correction_moves_tags_with_their_words(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    second = sentences(session, made.answer)[1]
    decide(session, made, tags(session, second)[0], "accept", now)
    text = "あ、そうだ。友達に聞いて知りました。とてもかわいいから買いました。"
    revise(session, made, text, now)
    added, same, moved = sentences(session, made.answer)
    assert (made.answer.text, made.answer.version) == (text, 2)
    assert moved.public_id == second.public_id
    tag = next(tag for tag in tags(session, moved) if tag.stage is Stage.PURCHASE_REASON)
    assert (tag.state, moved.text[tag.start : tag.end]) == (TagState.ACCEPTED, "かわ")
    assert tags(session, same)[0].state is TagState.PROPOSED
    assert added.position == 0


def revise(session: Session, made: Reviewed, text: str, now: datetime, *, version: int = 1) -> None:
    operations.revise_answer(
        session, actor=made.actor, answer=made.answer, text=text, version=version,
        sentences=split_at_stops(text, Stage.AWARENESS), now=now,
    )  # fmt: skip


def test_a_correction_of_an_older_version_is_refused(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    with pytest.raises(Conflict):
        revise(session, made, "別の文。", now, version=0)


def test_a_rewritten_sentence_loses_its_decision(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    decide(session, made, tags(session, sentences(session, made.answer)[0])[0], "accept", now)
    revise(session, made, "ぜんぜん違う話です。", now)
    (only,) = sentences(session, made.answer)
    assert [tag.state for tag in tags(session, only)] == [TagState.PROPOSED]


def test_tags_of_another_study_are_not_there(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    stranger = a_researcher(session, now=now, login="stranger")
    sentence = sentences(session, made.answer)[0]
    tag = tags(session, sentence)[0]
    with pytest.raises(NotFound):
        queries.get_tag(session, actor=stranger, tag_id=tag.public_id)
    with pytest.raises(NotFound):
        queries.get_sentence(session, actor=stranger, sentence_id=sentence.public_id)
    assert queries.get_tag(session, actor=made.actor, tag_id=tag.public_id)[0].id == tag.id


def test_without_consent_nothing_is_shown_or_quoted(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    number = made.interview.id
    assert [quote.stage for quote in queries.quotes(session, interview_id=number)] == [
        Stage.AWARENESS, Stage.PURCHASE_REASON,
    ]  # fmt: skip
    consent(session, actor=made.actor, interview=made.interview, granted=frozenset({ConsentItem.RECORDING}), now=now)
    assert queries.quotes(session, interview_id=number) == []
    assert queries.quotes(session, study_id=made.interview.study_id) == []
    with pytest.raises(NotFound):
        queries.readable_interview(session, actor=made.actor, interview_id=made.interview.public_id)


def test_rejected_tags_and_unfinished_interviews_are_not_quoted(session: Session, now: datetime) -> None:
    made = a_tagged_answer(session, now=now)
    decide(session, made, tags(session, sentences(session, made.answer)[0])[0], "reject", now)
    (left,) = queries.quotes(session, study_id=made.interview.study_id)
    assert (left.text, left.question_id, left.interview_public_id) == (
        "かわいいから買いました。", "q2", made.interview.public_id,
    )  # fmt: skip
