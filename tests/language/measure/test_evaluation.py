"""Figures of a tagger against counts made by hand on six sentences of two interviews."""

import pytest

from app.language.codebook import AnxietyKind, Channel, Facet, Stage
from app.language.measure.evaluation import Evaluation, Proposed, evaluate
from app.language.measure.labelled import Labelled, Labels, Span
from app.language.measure.spans import token_f1

P, A, R, E, L, C, OTHER = (
    Stage.PROBLEM, Stage.AWARENESS, Stage.PURCHASE_REASON, Stage.EXPERIENCE, Stage.LOYALTY_TRIGGER, Stage.CHURN_REASON,
    Stage.OTHER_PRODUCT,
)  # fmt: skip


def by_letter(text: str) -> list[tuple[int, int]]:
    return [(place, place + 1) for place in range(len(text))]


def sentence(
    question: str, gold: set[Stage], found: dict[Stage, float], group: str = "one"
) -> tuple[Labelled, Proposed]:
    given = Labelled("あいうえお。", question, group, Labels(stages=frozenset(gold)))
    proposed = frozenset(stage for stage, chance in found.items() if chance >= 0.5)
    return given, Proposed(Labels(stages=proposed), found)


def figures(*sentences: tuple[Labelled, Proposed]) -> Evaluation:
    return evaluate([one for one, _ in sentences], [found for _, found in sentences], by_letter)


SIX = (
    sentence("q1", {P}, {P: 0.9}),
    sentence("q1", {P, OTHER}, {P: 0.8}),
    sentence("q2", {A, R}, {A: 0.9, R: 0.6, E: 0.5}),
    sentence("q6", {L}, {E: 0.7}, "two"),
    sentence("q6", set(), {E: 0.6}, "two"),
    sentence("c1", {C}, {C: 0.95, L: 0.5}, "two"),
)


def test_micro_counts_pairs_and_macro_means_the_stages_that_occur() -> None:
    found = figures(*SIX)
    # right P P A R C = 5; too many E(q2) E(q6) E(q6) L = 4; missed O L = 2
    assert found.micro.value == round(2 * 5 / (2 * 5 + 4 + 2), 4)
    # P 1, A 1, R 1, C 1, E 0, L 0, O 0; consideration and anxiety do not occur
    assert found.macro.value == round(4 / 7, 4)
    assert found.stages[Stage.CONSIDERATION].value is None
    assert found.stages[P].value == 1.0
    assert (found.sentences, found.groups) == (6, 2)


def test_off_question_leaves_the_default_stage_out_on_both_sides() -> None:
    # left: missed O (q1), right R and too many E (q2), missed L (q6), too many L (c1); E under q6 is the default
    assert figures(*SIX).off_question.value == round(2 / (2 + 2 + 2), 4)


def test_calibration_is_of_the_most_likely_stage() -> None:
    # confidence .9 right, .8 right, .9 right, .7 wrong, .6 wrong, .95 right; bins of 1/15: .9 and .9 share one (13)
    apart = abs(2 - 1.8) + abs(1 - 0.8) + 0.7 + 0.6 + abs(1 - 0.95)
    assert figures(*SIX).ece.value == pytest.approx(apart / 6, abs=1e-4)


def test_an_interval_holds_its_figure_and_comes_out_the_same_again() -> None:
    one, again = figures(*SIX), figures(*SIX)
    assert one == again
    assert one.micro.low is not None
    assert one.micro.high is not None
    assert one.micro.value is not None
    assert one.micro.low <= one.micro.value <= one.micro.high


def test_details_count_where_the_true_stage_stands_whatever_was_proposed() -> None:
    gold = Labels(frozenset({A}), channel=frozenset({Channel.TV, Channel.STORE}))
    silent = Labels()
    near = Labels(frozenset({A}), channel=frozenset({Channel.TV, Channel.LINE}))
    other = Labels(frozenset({E}), anxiety_kind=frozenset({AnxietyKind.VISIBLE}), facets=frozenset({Facet.ACTION}))
    given = [Labelled("a", "q2", "one", gold), Labelled("b", "q2", "one", gold), Labelled("c", "q6", "one", other)]
    found = evaluate(given, [Proposed(one, {}) for one in (near, silent, near)], by_letter)
    assert found.lists["channel"].value == round(2 * 1 / (2 * 1 + 1 + 3), 4)
    assert found.lists["anxiety_kind"].value is None, "no sentence is about a worry"
    assert found.lists["facets"].value == 0.0


def test_a_file_without_details_has_no_figure_for_them() -> None:
    given = [Labelled("a", "q2", "one", Labels(frozenset({A})))]
    found = evaluate(given, [Proposed(Labels(frozenset({A}), channel=frozenset({Channel.TV})), {})], by_letter)
    assert found.lists["channel"].value is None
    assert found.lists["facets"].value is None
    assert found.evidence.value is None


def test_evidence_is_f1_of_the_words_under_the_spans() -> None:
    text = "友達に聞いて、買いました。"
    assert token_f1(text, [Span(A, 0, 6)], [Span(A, 0, 6)], by_letter) == 1.0
    assert token_f1(text, [Span(A, 0, 6)], [Span(A, 3, 9)], by_letter) == pytest.approx(2 * 3 / (6 + 5)), (
        "、 is no word"
    )
    assert token_f1(text, [Span(A, 0, 3)], [Span(A, 7, 10)], by_letter) == 0.0
    marked = Labels(frozenset({A, R}), evidence=(Span(A, 0, 6), Span(R, 7, 12)))
    guess = Labels(frozenset({A}), evidence=(Span(A, 0, 6),))
    found = evaluate([Labelled(text, "q2", "one", marked)], [Proposed(guess, {})], by_letter)
    assert found.evidence.value == 1.0, "only stages that both sides give are compared"


def test_nothing_to_measure_gives_no_figures() -> None:
    found = evaluate([], [], by_letter)
    assert (found.sentences, found.micro.value, found.ece.value) == (0, None, None)
