"""Kappa against worked examples, and sentences that repeat another interview."""

import time

import pytest

from app.language.codebook import Stage
from app.language.measure.agreement import agreements, kappa, mean_kappa
from app.language.measure.overlaps import Sentence, repeated, runs


def test_kappa_of_a_worked_table() -> None:
    # of 50 proposals 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed .70, by chance .50
    assert kappa(50, 25, 30, 20) == pytest.approx(0.4)
    assert kappa(10, 5, 5, 5) == 1.0
    assert kappa(10, 5, 5, 0) == -1.0


def test_kappa_is_none_where_nothing_could_differ() -> None:
    assert kappa(10, 0, 0, 0) is None
    assert kappa(10, 10, 10, 10) is None
    assert kappa(0, 0, 0, 0) is None


def test_each_stage_has_its_own_agreement() -> None:
    a, e = Stage.AWARENESS, Stage.EXPERIENCE
    found = agreements([(frozenset({a}), frozenset({a})), (frozenset({e}), frozenset()), (frozenset(), frozenset())])
    by_stage = {one.stage: one for one in found}
    assert by_stage[a].kappa == 1.0
    assert (by_stage[e].first, by_stage[e].second, by_stage[e].both, by_stage[e].kappa) == (1, 0, 0, 0.0)
    assert mean_kappa(found) == 0.5


def test_a_sentence_that_repeats_another_interview_is_found() -> None:
    given = [
        Sentence("a", "ja", "朝の営業車のラジオで聞いたんです、野球の前に。"),
        Sentence("b", "ja", "朝の営業車のラジオで聞いたんですよ、野球の前。"),
        Sentence("b", "ja", "甥の結婚式の引き出物に入っていたのが最初です。"),
        Sentence("c", "ja", "母からです"),
        Sentence("d", "ja", "母からです"),
    ]
    assert repeated(given) == [0, 1]


def test_within_one_interview_people_may_repeat_themselves() -> None:
    same = "朝の営業車のラジオで聞いたんです、野球の前に。"
    assert repeated([Sentence("a", "ja", same), Sentence("a", "ja", same)]) == []


def test_a_corpus_from_one_template_is_seen_through_at_once() -> None:
    given = [
        Sentence(f"i{place}", "ja", f"友達に聞いて商品{place}を知って、初回が半額だったので買いました。")
        for place in range(5_000)
    ]
    began = time.perf_counter()
    assert len(repeated(given)) == len(given)
    assert time.perf_counter() - began < 5


def test_runs_are_letters_in_japanese_and_words_in_english() -> None:
    assert runs("あいう、えおか", "ja") == {"あいうえお", "いうえおか"}
    assert runs("I saw it on TV, you know", "en") == {"i saw it on tv", "saw it on tv you", "it on tv you know"}
