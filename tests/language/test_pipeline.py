"""The spaCy pipelines: what their parts leave on a Doc, for both languages and for texts of any kind."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.language.client import local_analyser
from app.language.codebook import Channel, Stage
from app.language.pipeline import Pipeline
from app.language.schemas import TEXT_LIMIT, AnswerInput, SentenceInput, SentenceTags, StageTag
from app.language.script import fold
from app.language.speech.stages import Stages
from app.language.tagger import RuleTagger


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return local_analyser().pipeline


def test_both_languages_are_built_from_the_same_parts(pipeline: Pipeline) -> None:
    assert pipeline.nlp.pipe_names == ["n1_sentences", "n1_personal", "n1_readings", "n1_stages"]
    assert pipeline.english.pipe_names == ["n1_sentences", "n1_personal", "n1_stages"]


def test_a_japanese_answer_carries_spans_and_attributes(pipeline: Pipeline) -> None:
    doc = pipeline.read(AnswerInput(text="ＣＭを見て田中さんに聞いたんです。電話は０９０-1234-5678です", question="q2"))
    first, second = doc.spans["sentences"]
    assert (first.text, second.text) == ("CMを見て田中さんに聞いたんです。", "電話は090-1234-5678です")
    assert [(span.text, span.label_) for span in doc.spans["personal"]] == [
        ("田中", "person"),
        ("090-1234-5678", "phone"),
    ]
    assert first._.reading == "シーエムヲミテタナカサンニキイタンデス。"
    assert [token._.reading for token in first][:3] == ["シーエム", "ヲ", "ミ"]
    assert doc._.reading.startswith(first._.reading)
    evidence = doc.spans["stages"][0]
    assert evidence._.stage is Stage.AWARENESS
    assert evidence._.confidence > 0.5
    assert Channel.TV in first._.channel


def test_an_english_answer_goes_through_the_english_parts(pipeline: Pipeline) -> None:
    doc = pipeline.read(AnswerInput(text="My name is Ann Lee. I saw it on Instagram.", question="q2"))
    assert doc.lang_ == "en"
    assert [span.text for span in doc.spans["sentences"]] == ["My name is Ann Lee.", "I saw it on Instagram."]
    assert [(span.text, span.label_) for span in doc.spans["personal"]] == [("Ann Lee", "person")]
    assert doc.spans["stages"][-1]._.stage is Stage.AWARENESS


def test_two_stages_on_the_same_words_keep_their_own_confidence(pipeline: Pipeline) -> None:
    class Two(RuleTagger):
        def tag(self, sentences: Sequence[SentenceInput]) -> list[SentenceTags]:
            tags = (StageTag(Stage.PROBLEM, 0.9, 0, 5), StageTag(Stage.ANXIETY, 0.6, 0, 5))
            return [SentenceTags(0, len(one.text), one.text, tags) for one in sentences]

    part = Stages()
    part.tagger = Two()
    doc = part(pipeline.read(AnswerInput(text="肌が荒れてました。", question="q1")))
    assert [(one._.stage, one._.confidence) for one in doc.spans["stages"]] == [
        (Stage.PROBLEM, 0.9),
        (Stage.ANXIETY, 0.6),
    ]


def test_the_tagger_gets_the_words_of_a_sentence_and_of_the_one_before(pipeline: Pipeline) -> None:
    seen: list[SentenceInput] = []

    class Noting(RuleTagger):
        def tag(self, sentences: Sequence[SentenceInput]) -> list[SentenceTags]:
            seen.extend(sentences)
            return [SentenceTags(0, len(one.text), one.text) for one in sentences]

    part = Stages()
    part.tagger = Noting()
    part(pipeline.read(AnswerInput(text="母からです。それですぐ買いました。")))
    part(pipeline.read(AnswerInput(text="My mother told me. So I bought it.")))
    for one in seen:
        assert [one.text[token.start : token.end] for token in one.tokens] == [token.text for token in one.tokens]
        assert "".join(token.text for token in one.tokens) == one.text.replace(" ", "")
    assert [one.previous_tokens for one in seen] == [(), seen[0].tokens, (), seen[2].tokens]
    assert [token.lemma for token in seen[1].tokens][-3:] == ["ます", "た", "。"]
    assert [token.lemma for token in seen[2].tokens] == ["my", "mother", "told", "me", "."]


@pytest.mark.parametrize("letter", ["a", "買", "🍵", "\x07"])
def test_a_sentence_ends_where_it_must_even_inside_a_word(pipeline: Pipeline, letter: str) -> None:
    text = letter * 5_500
    doc = pipeline.read(AnswerInput(text=text))
    assert doc.text == fold(text)
    assert all(len(span.text) <= 1_000 for span in doc.spans["sentences"])
    assert sum(len(span.text) for span in doc.spans["sentences"]) == len(fold(text).strip())


def test_what_follows_the_limit_is_left_out(pipeline: Pipeline) -> None:
    assert len(pipeline.read(AnswerInput(text="あ" * 2 * TEXT_LIMIT)).text) == TEXT_LIMIT


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_a_doc_is_the_folded_answer_code_point_for_code_point(text: str) -> None:
    pipeline = local_analyser().pipeline
    for lang in ("ja", "en"):
        assert pipeline.read(AnswerInput(text=text, lang=lang)).text == fold(text)


def test_words_met_once_are_forgotten_with_all_that_was_noted_of_them(pipeline: Pipeline) -> None:
    with pipeline.memory():
        pipeline.read(AnswerInput(text="品を買いました。"))
    before = set(pipeline.nlp.vocab.strings)
    with pipeline.memory():
        doc = pipeline.read(AnswerInput(text="ヌメロポンという品を買いました。"))
        assert doc[0]._.reading == "ヌメロポン"
        assert "ヌメロポン" in pipeline.nlp.vocab.strings
    assert {one for one in set(pipeline.nlp.vocab.strings) - before if "ヌメロポン" in one} == set()
