"""Evidence: the weights that come with the product find the words readers would mark, and training makes them again."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.language.codebook import Stage
from app.language.evidence.finder import EvidenceFinder
from app.language.evidence.model import EvidenceModel
from app.language.evidence.spans import LENGTHS, Candidates, candidates, chosen, scores
from app.language.pipeline import Pipeline, load_pipeline
from app.language.schemas import SENTENCE_LIMIT, TEXT_LIMIT, Token
from app.language.training.evidence import read_marked, train_evidence
from tests.support.report import ROOT

CORPUS = ROOT / "seed_data" / "tagger" / "train.jsonl"
A, X, R, E = Stage.AWARENESS, Stage.ANXIETY, Stage.PURCHASE_REASON, Stage.EXPERIENCE


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return load_pipeline()


@pytest.fixture(scope="module")
def finder() -> EvidenceFinder:
    return EvidenceFinder.load()


@pytest.fixture(scope="module")
def models(pipeline: Pipeline, finder: EvidenceFinder) -> tuple[Pipeline, EvidenceFinder]:
    return pipeline, finder


@pytest.mark.parametrize(
    ("text", "stage", "held", "left_out"),
    [
        (
            "毎朝飲んでて、もう三年ですけど、切らしたことないですね、夫には内緒で。",
            Stage.LOYALTY_TRIGGER,
            "切らしたことない",
            "夫",
        ),
        ("正直迷ったんですけど、会社の先輩に教えてもらったので安心で", A, "先輩に教えて", "迷った"),
        ("うちは犬が二匹いるんですけど、正直、値段が高いんじゃないかって心配でした。", X, "高いんじゃないか", "犬"),
    ],
)
def test_the_words_that_carry_a_stage_are_found_without_what_stands_beside(
    models: tuple[Pipeline, EvidenceFinder], text: str, stage: Stage, held: str, left_out: str
) -> None:
    pipeline, finder = models
    start, end = finder.find(text, pipeline.tokens(text), [stage], "ja")[stage]
    assert held in text[start:end]
    assert left_out not in text[start:end]


def test_two_stages_of_a_sentence_rest_on_different_words(pipeline: Pipeline, finder: EvidenceFinder) -> None:
    text = "姉に聞いて知ったんですけど、初回が半額だったので買いました。"
    found = finder.find(text, pipeline.tokens(text), [A, R], "ja")
    assert "姉に聞いて" in text[slice(*found[A])]
    assert "半額" in text[slice(*found[R])]
    assert found[A][1] <= found[R][0]


@pytest.mark.parametrize("text", ["…", "。", "あ", "母から", "ぬ" * 900, "a" * 900, "、" * 40, "word " * 180])
def test_any_sentence_has_evidence_within_it(pipeline: Pipeline, finder: EvidenceFinder, text: str) -> None:
    for lang in ("ja", "en"):
        for start, end in finder.find(text, pipeline.tokens(text, lang), [A, R, E], lang).values():
            assert 0 <= start < end <= len(text)


def test_a_sentence_without_end_takes_no_more_memory_than_a_long_one(
    finder: EvidenceFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counting(given: np.ndarray, *others: np.ndarray) -> np.ndarray:
        asked.append(len(given))
        return scores(given, *others)

    monkeypatch.setattr("app.language.evidence.finder.scores", counting)
    text = "茶" * TEXT_LIMIT
    tokens = [Token(at, at + 1, "茶", "茶", "名詞", "") for at in range(len(text))]
    start, end = finder.find(text, tokens, [A], "ja")[A]
    assert asked == [SENTENCE_LIMIT]
    assert 0 <= start < end <= SENTENCE_LIMIT


def test_evidence_does_not_begin_at_a_particle_or_an_ending(pipeline: Pipeline, finder: EvidenceFinder) -> None:
    text = "去年の秋だったかな、職場の先輩に教えてもらって、それで知りました。"
    start, _ = finder.find(text, pipeline.tokens(text), [A], "ja")[A]
    (word,) = [token for token in pipeline.tokens(text) if token.start == start]
    assert not word.tag.startswith(("助詞", "助動詞", "接尾辞", "補助記号"))


def test_without_words_the_whole_sentence_is_the_evidence(finder: EvidenceFinder) -> None:
    assert finder.find("??", [], [A], "en") == {A: (0, 2)}
    assert finder.find("母から", [], [], "ja") == {}


def test_the_score_of_a_stretch_is_its_edges_its_inside_and_its_length() -> None:
    given = np.array([[1, 2, 4], [8, 16, 32], [64, 128, 256]], np.float32)
    lengths = np.zeros(LENGTHS, np.float32)
    lengths[1] = 1000
    found = scores(given, lengths, np.array([True, True, False]))
    assert found[0, 0] == 1 + 2 + 4
    assert found[0, 1] == 1 + 16 + 4 + 32 + 1000
    assert found[0, 2] == 1 + 128 + 4 + 32 + 256
    assert np.isneginf(found[1, 0])
    assert np.isneginf(found[2, 2])


def test_of_equally_likely_stretches_the_one_that_overlaps_most_with_all_is_chosen() -> None:
    flat = candidates(np.where(np.tri(5).T > 0, 0, -np.inf).astype(np.float32))
    assert len(flat.first) == 15
    assert flat.chance.sum() == pytest.approx(1)
    (first, last) = chosen([flat], np.ones(5, np.bool_))[0]
    assert (first, last) == (0, 4)


def test_a_stage_keeps_off_words_that_another_is_sure_of() -> None:
    sure = Candidates(np.array([0]), np.array([1]), np.array([1.0]))
    unsure = Candidates(np.array([0, 2]), np.array([1, 3]), np.array([0.6, 0.4]))
    assert chosen([unsure], np.ones(4, np.bool_)) == [(0, 1)]
    assert chosen([sure, unsure], np.ones(4, np.bool_)) == [(0, 1), (2, 3)]


def test_the_same_sentences_give_the_same_weights_and_a_file_keeps_them(tmp_path: Path, pipeline: Pipeline) -> None:
    lines = CORPUS.read_text("utf-8").splitlines()
    few = [line for line in lines if json.loads(line)["position"] == 0][::24]
    source, target = tmp_path / "few.jsonl", tmp_path / "evidence.npz"
    source.write_text("\n".join(few), "utf-8")
    one, other = (train_evidence(read_marked([source], pipeline.tokens)) for _ in range(2))
    for name in ("stages", "words", "lengths"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    one.save(target)
    assert np.allclose(EvidenceModel.load(target).words, one.words, atol=0.01)
