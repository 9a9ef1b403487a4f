"""The light tagger: what it reads, how it adds up, and that it beats the question and the rules on authors it has not read."""

import hashlib
import math
import os
import signal
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from app.cli.taggers import TaggerName, tagged, tagger_named, words_of
from app.language.codebook import STAGES, Stage
from app.language.evidence.finder import EvidenceFinder
from app.language.light import context
from app.language.light.details import FILE as DETAILS
from app.language.light.details import DetailsModel
from app.language.light.features import BUCKETS, read
from app.language.light.model import LightModel
from app.language.light.tagger import FILE, LightTagger, shipped_tagger
from app.language.lines import read_lines
from app.language.measure.evaluation import Evaluation
from app.language.measure.running import measured
from app.language.schemas import SentenceInput, Token
from app.language.tagger import RuleTagger
from app.language.training.examples import Examples, counts_of, first_interviews, read_examples
from app.language.training.stages import fit

CORPUS = FILE.parent
MEGABYTES = 1_000_000
CUT_SHORT = FILE.read_bytes()[:100_000]
AWARENESS, CHURN = STAGES.index(Stage.AWARENESS), STAGES.index(Stage.CHURN_REASON)


class Blanks:
    """Words between blanks, none with a meaning but 茶."""

    def tokens(self, text: str, lang: str) -> list[Token]:
        del lang
        places = [0, *(at + 1 for at, char in enumerate(text) if char == " "), len(text) + 1]
        spans = [(start, end - 1) for start, end in pairwise(places)]
        return [Token(start, end, text[start:end], text[start:end], "", "") for start, end in spans if end > start]

    def vector(self, word: str) -> np.ndarray:
        return np.full(300, float(word == "茶"), np.float32)


def blank_model() -> LightModel:
    stages = len(STAGES)
    layer = np.zeros((stages, context.SIZE), np.float32)
    layer[:, context.SHARED] = 1
    return LightModel(
        rarity=np.ones((2, BUCKETS), np.float32),
        weights=np.zeros((2, BUCKETS, stages), np.float32),
        meanings=np.zeros((300, stages), np.float32),
        bias=np.full(stages, -2, np.float32),
        asked=layer,
        free=layer.copy(),
        thresholds=np.array([0.4, 0.3, 0.2], np.float32),
        corpus=np.zeros(32, np.uint8),
    )


def light(model: LightModel) -> LightTagger:
    return LightTagger(model, EvidenceFinder.load(), DetailsModel.load(DETAILS), Blanks())


def test_log_odds_are_the_weighted_mean_of_words_letters_and_meanings() -> None:
    model = blank_model()
    reading = read("茶 葉", Blanks().tokens("茶 葉", "ja"))
    model.weights[0, reading.words.at, AWARENESS] = 3
    model.meanings[:, AWARENESS] = 2
    words = len(reading.words.at)
    assert words == 5
    expected = -2 + 3 * words / math.sqrt(words) + 0.5 * 2 * 300 / math.sqrt(300)
    assert model.logits(reading, Blanks().vector)[AWARENESS] == pytest.approx(expected, rel=1e-5)
    assert model.logits(reading, Blanks().vector)[CHURN] == -2


def test_a_longer_sentence_does_not_speak_louder() -> None:
    once = read("茶", Blanks().tokens("茶", "ja"))
    often = read("茶 茶 茶 茶", Blanks().tokens("茶 茶 茶 茶", "ja"))
    model = blank_model()
    model.weights[1] = 1
    assert len(often.letters.at) > len(once.letters.at)
    high = model.logits(often, Blanks().vector)[0] + 2
    assert high <= math.sqrt(len(often.letters.at)) + 1e-4


def test_the_default_stage_others_and_unasked_sentences_have_their_own_thresholds() -> None:
    model = replace(blank_model(), bias=np.full(len(STAGES), math.log(0.35 / 0.65), np.float32))
    asked, free = light(model).tag([SentenceInput(text="茶 の こと", question="q2"), SentenceInput(text="茶 の こと")])
    assert Stage.AWARENESS not in {tag.stage for tag in asked.tags}
    assert len(asked.tags) == len(STAGES) - 1
    assert len(free.tags) == len(STAGES)


def test_the_question_the_class_and_the_sentence_before_are_heard() -> None:
    model = blank_model()
    question = len(STAGES) + 3 + len(context.CLASSES) + context.QUESTIONS.index("q2")
    model.asked[AWARENESS, question] = 5
    model.asked[CHURN, len(STAGES) + 3 + context.CLASSES.index("churned")] = 5
    model.asked[0, AWARENESS] = 5
    plain = SentenceInput(text="茶 の こと", question="q3")
    tagger = light(model)
    base = tagger.chances([plain])[0]
    assert tagger.chances([replace(plain, question="q2")])[0][Stage.AWARENESS] > base[Stage.AWARENESS] + 0.5
    assert tagger.chances([replace(plain, customer="churned")])[0][Stage.CHURN_REASON] > base[Stage.CHURN_REASON] + 0.5
    before = tagger.chances([replace(plain, previous="葉 の こと")])[0][STAGES[0]]
    assert before > base[STAGES[0]]


def test_fillers_and_greetings_carry_nothing_whatever_the_weights_say() -> None:
    model = replace(blank_model(), bias=np.full(len(STAGES), 9, np.float32))
    assert light(model).tag([SentenceInput(text="はい、そうですね。", question="q2")])[0].tags == ()


@pytest.mark.parametrize("broken", ["light.tagger.FILE", "light.tagger.DETAILS", "evidence.finder.FILE"])
@pytest.mark.parametrize("held", [None, b"", b"no zip", CUT_SHORT])
def test_where_weights_are_missing_or_broken_the_rules_do_the_work_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str, held: bytes | None
) -> None:
    if held is not None:
        (tmp_path / "some.npz").write_bytes(held)
    monkeypatch.setattr(f"app.language.{broken}", tmp_path / "some.npz")
    assert isinstance(shipped_tagger(Blanks()), RuleTagger)
    assert "some.npz is missing or broken" in caplog.text


def test_weights_of_another_version_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    replace(blank_model(), asked=np.zeros((len(STAGES), context.SIZE + 1), np.float32)).save(tmp_path / "old.npz")
    monkeypatch.setattr("app.language.light.tagger.FILE", tmp_path / "old.npz")
    assert isinstance(shipped_tagger(Blanks()), RuleTagger)


def examples() -> Examples:
    awake = [f"友達 に 聞い て 知り まし た {number}" for number in range(20)]
    gone = [f"高く て やめ まし た {number}" for number in range(20)]
    stages = np.zeros((40, len(STAGES)), bool)
    stages[:20, AWARENESS] = stages[20:, CHURN] = True
    stages[::7] ^= True  # every stage occurs with several authors
    sentences = tuple(SentenceInput(text=text, question="q2") for text in awake + gone)
    return Examples(
        sentences=sentences,
        stages=stages,
        authors=tuple(f"author {place % 5}" for place in range(40)),
        interviews=tuple(f"interview {place % 10}" for place in range(40)),
        counts=np.ones(40),
    )


def test_training_learns_what_words_say_and_gives_the_same_weights_again(tmp_path: Path) -> None:
    first, second = (fit(examples(), Blanks(), np.zeros(32, np.uint8)) for _ in range(2))
    assert all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in ("weights", "asked", "thresholds")
    )
    first.save(tmp_path / "w.npz")
    found = light(LightModel.load(tmp_path / "w.npz")).chances(
        [
            SentenceInput(text="母 に 聞い て 知り まし た", question="q2"),
            SentenceInput(text="やめ まし た", question="q2"),
        ]
    )
    assert found[0][Stage.AWARENESS] > 0.5 > found[0][Stage.CHURN_REASON]
    assert found[1][Stage.CHURN_REASON] > 0.5 > found[1][Stage.AWARENESS]


def test_mixed_sentences_count_so_that_most_under_a_question_answer_it() -> None:
    sentences = [SentenceInput(text="x", question="q2")] * 10
    stages = np.zeros((10, len(STAGES)), bool)
    stages[:2, AWARENESS] = True
    stages[2:6, CHURN] = True
    counts = counts_of(sentences, stages, np.ones(10, bool))
    assert counts[:2].sum() / counts.sum() == pytest.approx(0.85)
    assert counts_of(sentences, stages, np.zeros(10, bool)).tolist() == [1.0] * 10


def test_a_part_of_the_corpus_holds_whole_interviews() -> None:
    part = first_interviews(examples(), 15)
    assert 15 <= len(part.sentences) < 40
    assert all(examples().interviews.count(name) == part.interviews.count(name) for name in set(part.interviews))


def test_the_weights_are_those_of_the_corpus_and_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.glob("*.npz")) < 5 * MEGABYTES
    held = LightModel.load(FILE).corpus.tobytes()
    assert held == hashlib.sha256((CORPUS / "train.jsonl").read_bytes()).digest(), "run `n1 tagger train`"
    assert read_examples([CORPUS / "train.jsonl"]).sentences


@pytest.fixture(scope="module")
def on_dev() -> dict[str, Evaluation]:
    lines = read_lines(CORPUS / "dev.jsonl")
    return {
        f"{name}{'' if given else ' alone'}": measured(lines, tagger_named(name), words_of, context=given)
        for name in TaggerName
        for given in (True, False)
    }


def value(found: Evaluation, name: str) -> float:
    figure = getattr(found, name).value
    assert figure is not None
    return float(figure)


@pytest.mark.parametrize("name", ["micro", "macro", "off_question"])
def test_it_beats_the_question_and_the_rules_on_authors_it_has_not_read(
    on_dev: dict[str, Evaluation], name: str
) -> None:
    others = max(value(on_dev[other], name) for other in ("question", "rules"))
    assert value(on_dev["light"], name) > others + 0.08
    assert value(on_dev["light alone"], name) > value(on_dev["rules alone"], name) + 0.1


def test_evidence_is_found_on_authors_it_has_not_read(on_dev: dict[str, Evaluation]) -> None:
    assert value(on_dev["light"], "evidence") > 0.7


@pytest.mark.parametrize(
    ("text", "question", "stage"),
    [
        ("母からです。", "q2", Stage.AWARENESS),
        ("友達に聞いて知りました。", "q2", Stage.AWARENESS),
        ("インスタの広告で見て知りました。", "", Stage.AWARENESS),
        ("I saw it on Instagram.", "", Stage.AWARENESS),
        ("初回半額だったので決めました。", "q5", Stage.PURCHASE_REASON),
        ("肌の乾燥に悩んでいました。", "q1", Stage.PROBLEM),
        ("高くて続けられず、やめました。", "c1", Stage.CHURN_REASON),
        ("母にもすすめました。", "q6", Stage.LOYALTY_TRIGGER),
    ],
)
def test_plain_words_are_understood(text: str, question: str, stage: Stage) -> None:
    lang = "en" if text.isascii() else "ja"
    found = tagger_named(TaggerName.LIGHT).tag([SentenceInput(text=text, question=question, lang=lang)])[0]
    assert stage in {tag.stage for tag in found.tags}


def test_many_sentences_are_shared_between_processes_and_come_back_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [line.sentence for line in read_lines(CORPUS / "dev.jsonl")][:60]
    alone = tagged(sentences)
    monkeypatch.setattr("app.cli.taggers.WORTH_SHARING", 10)
    monkeypatch.setattr("app.cli.taggers.SHARE", 7)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert tagged(sentences) == alone


def killed(_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_when_a_process_is_killed_the_sentences_are_tagged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [line.sentence for line in read_lines(CORPUS / "dev.jsonl")][:20]
    alone = tagged(sentences)
    monkeypatch.setattr("app.cli.taggers.WORTH_SHARING", 10)
    monkeypatch.setattr("app.cli.taggers._tagged_there", killed)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert tagged(sentences) == alone


def test_processes_that_tag_beside_each_other_do_not_share_out_their_sums_to_threads() -> None:
    tagger_named(TaggerName.LIGHT)
    assert {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"} == {1}
