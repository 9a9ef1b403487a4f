"""Files of sentences: what of a line is context, and what is refused."""

import json
from pathlib import Path

import pytest

from app.core.errors import AppError
from app.language.lines import Line, read_line, read_lines
from app.language.schemas import TEXT_LIMIT


def line(**given: object) -> Line:
    return read_line(1, json.dumps({"text": "母から聞きました。", **given}))


@pytest.mark.parametrize(
    ("previous", "last", "position"),
    [
        ("はい。", "はい。", 1),
        (["あの", "はい。"], "はい。", 2),
        ([1, None, "はい。"], "はい。", 1),
        (None, "", 0),
        (7, "", 0),
    ],
)
def test_the_sentences_before_are_a_list_or_one_text(previous: object, last: str, position: int) -> None:
    sentence = line(previous=previous).sentence
    assert (sentence.previous, sentence.position) == (last, position)


@pytest.mark.parametrize(("given", "read"), [(3, 3), (-(10**400), 0), (10**400, TEXT_LIMIT), ("3", 0), (None, 0)])
def test_a_place_in_the_answer_is_a_number_within_reason(given: object, read: int) -> None:
    assert line(position=given).sentence.position == read


def test_the_sentence_before_is_read_no_farther_than_a_text() -> None:
    assert len(line(previous=["あ" * (TEXT_LIMIT + 1)]).sentence.previous) == TEXT_LIMIT


@pytest.mark.parametrize("lang", ["fr", ["ja"], {"ja": 1}, 3])
def test_another_language_is_refused(lang: object) -> None:
    with pytest.raises(AppError) as told:
        line(lang=lang)
    assert told.value.code == "bad_language"


def test_marks_of_other_systems_and_blank_lines_at_the_end_are_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes('\ufeff{"text": "一"}\r\n{"text": "二\\u2028"}\r\n\r\n \n'.encode())
    assert [(one.number, one.sentence.text) for one in read_lines(path)] == [(1, "一"), (2, "二\u2028")]
    path.write_text('{"text": "一"}\n\n{"text": "二"}\n', "utf-8")
    with pytest.raises(AppError):
        read_lines(path)
