"""The model of text without marks: what it is told of a gap, and learning that gives the same weights again."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import AppError
from app.language import sentences
from app.language.client import local_analyser
from app.language.measure.boundaries import Spoken
from app.language.speech import learning, unmarked
from app.language.speech.gaps import features
from app.language.speech.learning import learn, save
from app.language.speech.unmarked import load
from app.language.speech.word_kinds import kind_of

ANSWERS = [
    Spoken(("友達に聞きました", "すぐ買いました"), "ja"),
    Spoken(("肌が弱いんです", "母もそうです", "姉は違います"), "ja"),
    Spoken(("届きました。", "開けました。"), "ja"),
]


def test_every_gap_has_the_same_number_of_features() -> None:
    pipeline = local_analyser().pipeline
    text = "友達に聞きましたすぐ買いました"
    tokens = pipeline.tokens(text)
    assert features(text, tokens, set(), "ja").shape[0] == len(tokens) - 1
    assert features("買った", tokens[:2], set(), "ja").shape[1] == features(text, tokens, set(), "ja").shape[1]
    english = [features(one, pipeline.tokens(one, "en"), set(), "en") for one in ("i did", "i bought it and it works")]
    assert [one.shape[0] for one in english] == [1, 5]
    assert english[0].shape[1] == english[1].shape[1]
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
    save({"ja": first, "en": english}, np.zeros(32, np.uint8))
    again = unmarked.load.__wrapped__("ja")
    assert again is not None
    text = "友達に聞きましたすぐ買いました"
    assert again.cuts(text, pipeline.tokens(text), set()) == first.cuts(text, pipeline.tokens(text), set())


def test_answers_with_marks_and_in_other_languages_teach_nothing() -> None:
    pipeline = local_analyser().pipeline
    alone = learn(ANSWERS[:2], pipeline, lang="ja")
    assert np.array_equal(learn(ANSWERS, pipeline, lang="ja").weights, alone.weights)
    for nothing in ([], ANSWERS[2:], [Spoken(("i bought it", "it works"), "en")]):
        with pytest.raises(AppError, match="no answers"):
            learn(nothing, pipeline, lang="ja")


def test_the_weights_are_those_of_the_texts() -> None:
    texts = sorted((unmarked.WEIGHTS.parent / "unmarked").glob("*.txt"))
    digest = hashlib.sha256(b"".join(text.read_bytes() for text in texts)).digest()
    with np.load(unmarked.WEIGHTS) as held:
        assert held["texts"].tobytes() == digest, "run `n1 tagger learn-boundaries seed_data/tagger/unmarked/*.txt`"


def test_english_words_are_told_by_closed_classes_and_endings() -> None:
    tokens = local_analyser().pipeline.tokens("she bought a wonderful thing happily won't 3rd pans mess gonna", "en")
    kinds = [
        "subject", "verb", "determiner", "other", "-ing", "-ly", "modal", "negation", "number", "-s", "other", "modal", "particle",
    ]  # fmt: skip
    assert [kind_of(token.lemma) for token in tokens] == kinds


def test_either_apostrophe_tells_the_same() -> None:
    pipeline = local_analyser().pipeline
    straight, curled = "it's so good she can't live without it", "it’s so good she can’t live without it"
    one, other = (features(straight, pipeline.tokens(text, "en"), set(), "en") for text in (straight, curled))
    assert np.array_equal(one, other)


def broken(kind: str) -> bytes | None:
    """Return what stands in the file of weights."""
    whole = io.BytesIO()
    if kind == "pickled":
        np.savez(whole, ja_weights=np.array([{}], dtype=object))
    elif kind == "too short":
        np.savez(whole, ja_weights=np.zeros(5), ja_bias=1.0)
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
    assert "found by rules in Japanese, not at all in English: boundaries.npz is" in caplog.text
    english = (
        "i saw it in a shop and i bought it and my sister liked it so much. then she bought one as well and told me"
    )
    cut = sentences.split(english, local_analyser().pipeline.tokens(english, "en"), lang="en")
    assert [english[slice(*span)][-5:] for span in cut] == ["much.", "ld me"]
