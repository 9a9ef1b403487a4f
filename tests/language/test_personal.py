"""Names and contact data: how many are found, and how often something else is taken for them."""

import re
import tomllib
from pathlib import Path

import pytest

from app.language.client import local_analyser
from app.language.schemas import AnswerInput, PersonalKind, PersonalSpan
from app.language.script import fold
from app.language.speech.personal import keeps_luhn, personal_spans

SET = tomllib.loads((Path(__file__).parent / "personal.toml").read_text("utf-8"))
MARKED = re.compile(r"\[([a-z_]+):([^\]]+)\]")
LEAST = {"ja": (0.93, 0.93), "en": (1.0, 0.94)}
CONTACT_LEAST = 0.97


def plain(marked: str) -> tuple[str, set[PersonalSpan]]:
    """Return a sentence without its marks, and what they marked."""
    text, spans, at = "", set(), 0
    for match in MARKED.finditer(marked):
        text += marked[at : match.start()]
        spans.add(PersonalSpan(PersonalKind(match[1]), len(text), len(text) + len(match[2])))
        text, at = text + match[2], match.end()
    return text + marked[at:], spans


def found_in(text: str, lang: str, brands: tuple[str, ...] = ()) -> set[PersonalSpan]:
    folded = fold(text)
    return set(personal_spans(folded, local_analyser().pipeline.tokens(folded, lang), lang=lang, brands=brands))


def counts(lang: str, *, names: bool = True, contacts: bool = True) -> tuple[int, int, int]:
    """Return how many there are, how many were found, and how many of those are right."""
    true = found = right = 0
    for text, spans in [*map(plain, SET[lang]["with"]), *((text, set()) for text in SET[lang]["without"])]:
        wanted = {one for one in spans if (names if one.kind is PersonalKind.PERSON else contacts)}
        got = {one for one in found_in(text, lang) if (names if one.kind is PersonalKind.PERSON else contacts)}
        true, found, right = true + len(wanted), found + len(got), right + len(wanted & got)
    return true, found, right


def test_the_set_is_large_enough() -> None:
    assert len(SET["ja"]["with"]) >= 60
    assert len(SET["ja"]["without"]) + len(SET["en"]["without"]) >= 150


@pytest.mark.parametrize("lang", LEAST)
def test_names_and_contact_data_are_found_to_the_letter(lang: str) -> None:
    true, found, right = counts(lang)
    precision, recall = LEAST[lang]
    assert right / found >= precision
    assert right / true >= recall


@pytest.mark.parametrize("lang", LEAST)
def test_contact_data_alone_hardly_fail(lang: str) -> None:
    true, found, right = counts(lang, names=False)
    assert right / found >= CONTACT_LEAST
    assert right / true >= CONTACT_LEAST


def test_the_name_of_a_product_is_nobody() -> None:
    text = "ヨシコさんの青汁を買いました"
    assert [one.kind for one in found_in(text, "ja")] == [PersonalKind.PERSON]
    assert found_in(text, "ja", brands=("ヨシコさんの青汁",)) == set()


def test_a_number_that_breaks_luhns_rule_is_no_card() -> None:
    assert keeps_luhn("4111 1111 1111 1111")
    assert not keeps_luhn("4111 1111 1111 1112")
    assert found_in("番号は4111 1111 1111 1112でした", "ja") == set()


def test_an_answer_gives_its_personal_data_sentence_by_sentence() -> None:
    text = "最初は友達です。田中さんの電話は０９０－１２３４－５６７８です。"
    first, second = local_analyser().answer(AnswerInput(text=text))
    assert first.personal == ()
    assert [(one.kind.value, second.text[one.start : one.end]) for one in second.personal] == [
        ("person", "田中"),
        ("phone", "０９０－１２３４－５６７８"),
    ]
    assert second.reading.startswith("タナカサンノデンワハ")


def test_personal_data_inside_one_word_stand_apart_in_the_answer() -> None:
    text = "It is a@b.coさん4111 1111 1111 1111🍵."
    (sentence,) = local_analyser().answer(AnswerInput(text=text, lang="en"))
    assert [text[one.start : one.end] for one in sentence.personal] == ["a@b.co", "4111 1111 1111 1111"]
