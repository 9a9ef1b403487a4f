"""The background job: every written answer is tagged, none that changed meanwhile, decisions stay."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.core.database import read_session, write_session
from app.core.settings import Settings
from app.interviews import operations as interviews
from app.interviews.models import Interview
from app.jobs.schemas import JobServices
from app.language.protocol import LanguageUnavailable
from app.language.schemas import SentenceTags
from app.tagging.models import Sentence
from app.tagging.queries import unfinished_jobs
from app.tagging.tasks import tag_interview
from tests.interviews.build import a_researcher, an_interview, typed
from tests.support.language import FakeLanguage
from tests.tagging.build import a_tagged_answer


class Meddler(FakeLanguage):
    """A tagger during whose work somebody saves the answer again."""

    def __init__(self, engine: Engine, interview: str, now: datetime) -> None:
        self.engine, self.interview, self.now = engine, interview, now

    def analyse_answer_now(self, text: str, **context: str) -> tuple[SentenceTags, ...]:
        with write_session(self.engine) as session:
            row = session.exec(select(Interview).where(Interview.public_id == self.interview)).one()
            actor = a_researcher(session, now=self.now, login="second")
            interviews.save_answer(
                session, actor=actor, interview=row, question_id="q1", data=typed("新しい文。", version=1), now=self.now
            )
        return super().analyse_answer_now(text, **context)


class FailsOverOne(FakeLanguage):
    """A tagger whose process dies over one answer, every time."""

    def analyse_answer_now(self, text: str, **context: str) -> tuple[SentenceTags, ...]:
        if text.startswith("肌"):
            raise LanguageUnavailable
        return super().analyse_answer_now(text, **context)


@pytest.fixture
def parts(settings: Settings, engine: Engine, now: datetime) -> JobServices:
    return JobServices(settings=settings, engine=engine, clock=lambda: now, orders=None, language=FakeLanguage())


def begun(parts: JobServices, now: datetime) -> str:
    with write_session(parts.engine) as session:
        actor, interview = an_interview(session, now=now)
        data = typed("肌が荒れていました。困っていました。")
        interviews.save_answer(session, actor=actor, interview=interview, question_id="q1", data=data, now=now)
        return interview.public_id


def texts(parts: JobServices) -> list[str]:
    with read_session(parts.engine) as session:
        return [sentence.text for sentence in session.exec(select(Sentence).order_by("position"))]


def test_every_answer_is_tagged_and_a_second_run_changes_nothing(parts: JobServices, now: datetime) -> None:
    interview = begun(parts, now)
    tag_interview(parts, interview)
    tag_interview(parts, interview)
    assert texts(parts) == ["肌が荒れていました。", "困っていました。"]


def test_an_answer_saved_meanwhile_is_left_for_the_next_run(parts: JobServices, now: datetime) -> None:
    interview = begun(parts, now)
    meddled = replace(parts, language=Meddler(parts.engine, interview, now))
    tag_interview(meddled, interview)
    assert texts(parts) == []
    tag_interview(parts, interview)
    assert texts(parts) == ["新しい文。"]


def test_an_answer_the_tagger_fails_over_waits_and_the_others_are_tagged(
    parts: JobServices, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    interview = begun(parts, now)
    with write_session(parts.engine) as session:
        row = session.exec(select(Interview).where(Interview.public_id == interview)).one()
        actor = a_researcher(session, now=now, login="second")
        data = typed("母に聞きました。")
        interviews.save_answer(session, actor=actor, interview=row, question_id="q2", data=data, now=now)
    tag_interview(replace(parts, language=FailsOverOne()), interview)
    assert texts(parts) == ["母に聞きました。"]
    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "肌" not in warning
    tag_interview(parts, interview)
    assert len(texts(parts)) == 3


def test_an_unknown_interview_is_no_work(parts: JobServices) -> None:
    tag_interview(parts, "nobody")
    assert texts(parts) == []


def test_finished_interviews_without_sentences_are_picked_up_at_start(parts: JobServices, now: datetime) -> None:
    with write_session(parts.engine) as session:
        made = a_tagged_answer(session, now=now)
        assert unfinished_jobs(session) == []
        for sentence in session.exec(select(Sentence)):
            session.delete(sentence)
        session.flush()
        assert unfinished_jobs(session) == [("tagging.interview", made.interview.public_id)]
