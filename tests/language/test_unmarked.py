"""The model of text without marks: the best way to cut, and learning that gives the same weights again."""

import io
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import AppError
from app.language import sentences
from app.language.client import local_analyser
from app.language.measure.boundaries import Spoken
from app.language.speech import learning, unmarked
from app.language.speech.learning import learn, save
from app.language.speech.unmarked import LENGTH_WEIGHT, LONGEST, best_gaps, features, load

ANSWERS = [
    Spoken(("友達に聞きました", "すぐ買いました"), "ja"),
    Spoken(("肌が弱いんです", "母もそうです", "姉は違います"), "ja"),
    Spoken(("届きました。", "開けました。"), "ja"),
]


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=8), st.lists(st.floats(-4, 0), min_size=9, max_size=9))
@settings(max_examples=80, deadline=None)
def test_no_other_way_to_cut_adds_up_to_more(scores: list[float], shares: list[float]) -> None:
    lengths = np.full(LONGEST, -9.0, np.float32)
    lengths[:9] = shares

    def worth(cuts: tuple[int, ...]) -> float:
        edges = [0, *(cut + 1 for cut in cuts), len(scores) + 1]
        usual = sum(float(lengths[end - start - 1]) for start, end in pairwise(edges))
        return sum(scores[cut] for cut in cuts) + LENGTH_WEIGHT * usual

    ways = [cuts for count in range(len(scores) + 1) for cuts in combinations(range(len(scores)), count)]
    found = best_gaps(np.array(scores, np.float32), lengths)
    assert worth(tuple(found)) == pytest.approx(max(map(worth, ways)), abs=1e-3)


def test_every_gap_has_the_same_number_of_features() -> None:
    pipeline = local_analyser().pipeline
    text = "友達に聞きましたすぐ買いました"
    tokens = pipeline.tokens(text)
    assert features(text, tokens, set()).shape[0] == len(tokens) - 1
    assert features("買った", tokens[:2], set()).shape[1] == features(text, tokens, set()).shape[1]
    model = load("ja")
    assert model is not None
    assert model.cuts("はい", pipeline.tokens("はい"), set()) == set()


def test_the_same_answers_give_the_same_model_and_it_survives_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = local_analyser().pipeline
    first, second = (learn(ANSWERS, pipeline, lang="ja") for _ in range(2))
    assert np.array_equal(first.weights, second.weights)
    english = learn([Spoken(("i bought it", "it works"), "en")], pipeline, lang="en")
    for module in (learning, unmarked):
        monkeypatch.setattr(module, "WEIGHTS", tmp_path / "boundaries.npz")
    save({"ja": first, "en": english})
    again = unmarked.load.__wrapped__("ja")
    assert again is not None
    text = "友達に聞きましたすぐ買いました"
    assert again.cuts(text, pipeline.tokens(text), set()) == first.cuts(text, pipeline.tokens(text), set())


def test_nothing_to_learn_from_is_told() -> None:
    with pytest.raises(AppError, match="no answers"):
        learn([], local_analyser().pipeline, lang="ja")


def broken(kind: str) -> bytes | None:
    """Return what stands in the file of weights."""
    whole = io.BytesIO()
    if kind == "pickled":
        np.savez(whole, ja_weights=np.array([{}], dtype=object))
    elif kind == "too short":
        np.savez(whole, ja_weights=np.zeros(5), ja_bias=1.0, ja_bonus=1.0, ja_lengths=np.zeros(5))
    else:
        np.savez(whole, other=np.zeros(2))
    return {"missing": None, "empty": b"", "no archive": b"PK nothing", "cut off": whole.getvalue()[:80]}.get(
        kind, whole.getvalue()
    )


@pytest.mark.parametrize("kind", ["missing", "empty", "no archive", "cut off", "no fields", "too short", "pickled"])
def test_without_weights_rules_alone_find_the_ends_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    content = broken(kind)
    if content is not None:
        (tmp_path / "boundaries.npz").write_bytes(content)
    monkeypatch.setattr(unmarked, "WEIGHTS", tmp_path / "boundaries.npz")
    monkeypatch.setattr(sentences, "load", unmarked.load.__wrapped__)
    text = "友達に聞いて知りました" * 3 + "それですぐ買いましたとても良かったです" * 2
    found = sentences.split(text, local_analyser().pipeline.tokens(text), lang="ja")
    assert text[slice(*found[0])] == "友達に聞いて知りました"
    assert "rules alone find sentences without marks: boundaries.npz is" in caplog.text
