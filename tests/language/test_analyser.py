"""A whole answer: offsets, context, statements taken back, and the gold sentences."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from app.cli.tagger import tagger
from app.language.analyser import Analyser
from app.language.client import local_analyser
from app.language.codebook import Stage
from app.language.schemas import AnswerInput
from app.language.script import fold, language_of
from tests.language.gold import SEEN, UNSEEN, figures


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return local_analyser()


def test_offsets_are_code_points_of_the_answer(analyser: Analyser) -> None:
    text = "🍵を飲みながら、ＣＭを見て知りました。　母にもすすめました"
    found = analyser.answer(AnswerInput(text=text, question="q2"))
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    first, second = ({tag.stage for tag in one.tags} for one in found)
    assert Stage.AWARENESS in first
    assert Stage.LOYALTY_TRIGGER in second
    assert all(0 <= tag.start < tag.end <= len(one.text) for one in found for tag in one.tags)


def test_a_statement_taken_back_in_the_next_sentence_carries_no_stage(analyser: Analyser) -> None:
    first, second = analyser.answer(
        AnswerInput(text="インスタの広告で見たんです。いや、違う、姉に教えてもらいました。", question="q2")
    )
    assert first.tags == ()
    assert second.channel == ("word_of_mouth",)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("I like あまみず because it smells nice", "en"),
        ("Amazonで買いました", "ja"),
        ("", "ja"),
        ("12345", "ja"),
        ("TikTokとYouTubeでLUSHを見た", "ja"),
    ],
)
def test_the_language_is_read_from_the_letters(text: str, lang: str) -> None:
    assert language_of(text) == lang


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_is_analysed_without_losing_its_place(text: str) -> None:
    found = local_analyser().answer(AnswerInput(text=text, question="q6"))
    assert len(fold(text)) == len(text)
    at = 0
    for one in found:
        assert at <= one.start < one.end
        assert text[one.start : one.end] == one.text
        at = one.end


def test_context_beats_the_question_alone_on_the_labelled_sentences() -> None:
    seen, unseen = figures(SEEN), figures(UNSEEN)
    assert seen["context"] > seen["question_alone"] + 0.1
    assert seen["off_question"] > 0.5
    assert unseen["context"] > unseen["question_alone"]
    assert unseen["off_question"] > 0.3


def test_the_command_keeps_order_count_and_unknown_fields(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows: list[dict[str, object]] = [
        {"text": "インスタの広告で見て知りました。", "question": "q2", "id": 7},
        {"text": "", "note": "空"},
        {"text": "I saw it on Instagram."},
    ]
    source.write_text("\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")
    result = CliRunner().invoke(tagger, ["tag", "--in", str(source), "--out", str(target)])
    assert result.exit_code == 0, result.output
    out: list[dict[str, Any]] = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [{name: row[name] for name in before} for row, before in zip(out, rows, strict=True)] == rows
    tags = [[tag["stage"] for tag in row["tags"]] for row in out]
    assert tags == [["awareness"], [], ["awareness"]]
    assert out[0]["channel"] == ["instagram"]


@pytest.mark.parametrize("content", ["{}\n", "no json\n", '{"text": 5}\n', "[1]\n", "\n{}\n"])
def test_a_line_without_a_text_is_named(tmp_path: Path, content: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(content, "utf-8")
    result = CliRunner().invoke(tagger, ["tag", "--in", str(source), "--out", str(tmp_path / "out.jsonl")])
    assert result.exit_code == 2
    assert not (tmp_path / "out.jsonl").exists()
