"""`n1 tagger evaluate | agreement | corpus-report` on files made here."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import tagger_measure
from app.cli.tagger import tagger
from app.language.tagger import RuleTagger

Row = dict[str, object]
ROWS: list[Row] = [
    {"text": "妹に聞いて、はじめて知りました。", "question": "q2", "stages": ["awareness"], "channel": ["word_of_mouth"], "interview": "a", "author": "one", "product": "泡", "category": "石けん", "evidence": [{"stage": "awareness", "start": 0, "end": 5}]},
    {"text": "はい。", "question": "q2", "previous": ["妹に聞いて、はじめて知りました。"], "stages": [], "interview": "a", "author": "one", "product": "泡", "category": "石けん"},
    {"text": "値段が高いのが心配でした。", "question": "q5", "stages": ["anxiety"], "anxiety_kind": ["visible"], "interview": "b", "author": "two", "product": "茶", "category": "お茶"},
]  # fmt: skip


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    def run(command: str, rows: list[Row], *more: str) -> tuple[int, str]:
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        found = CliRunner().invoke(tagger, [command, str(path), *more])
        return found.exit_code, found.output

    return run


def test_evaluate_tells_every_figure_and_its_interval(told: Callable[..., tuple[int, str]]) -> None:
    code, output = told("evaluate", ROWS, "--json")
    found = json.loads(output)
    assert code == 0
    assert (found["sentences"], found["groups"], found["context"]) == (3, 2, True)
    assert found["stages"]["awareness"] == 1.0
    assert found["stages"]["churn_reason"] is None
    assert found["channel_f1"] == 1.0
    assert found["cancel_reason_f1"] is None
    low, high = found["intervals"]["micro_f1"]
    assert low <= found["micro_f1"] <= high


def test_without_context_the_question_does_not_help(told: Callable[..., tuple[int, str]]) -> None:
    rows: list[Row] = [{"text": "母からです。", "question": "q2", "customer": "loyal", "stages": ["awareness"]}]
    with_context = json.loads(told("evaluate", rows, "--tagger", "question", "--json")[1])
    alone = json.loads(told("evaluate", rows, "--tagger", "question", "--no-context", "--json")[1])
    assert with_context["stages"]["awareness"] == 1.0
    assert alone["stages"]["awareness"] == 0.0


def test_a_look_at_sentences_kept_apart_is_written_down(
    told: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "runs.csv"
    monkeypatch.setattr(tagger_measure, "RUNS", runs)
    told("evaluate", ROWS)
    assert not runs.exists()
    told("evaluate", [{**row, "split": "test"} for row in ROWS])
    told("evaluate", [{**row, "split": "test_natural"} for row in ROWS], "--no-context")
    told("evaluate", [{**row, "split": "test"} for row in ROWS], "--tagger", "question")
    head, *rows = runs.read_text("utf-8").splitlines()
    assert head.startswith("at,file,sentences,context,tagger,micro_f1,macro_f1,off_question_f1")
    assert [row.split(",")[1:5] for row in rows] == [
        ["rows.jsonl", "3", "True", "light"],
        ["rows.jsonl", "3", "False", "light"],
        ["rows.jsonl", "3", "True", "question"],
    ]


def test_a_look_that_cannot_be_written_down_is_told(
    told: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagger_measure, "RUNS", tmp_path / "no folder" / "runs.csv")
    code, output = told("evaluate", [{**row, "split": "test"} for row in ROWS])
    assert code == 0
    assert "runs.csv" in output
    assert "rows.jsonl" in output


def test_without_weights_a_look_is_written_down_as_one_of_the_rules(
    told: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagger_measure, "RUNS", tmp_path / "runs.csv")
    monkeypatch.setattr(tagger_measure, "tagger_named", lambda _: RuleTagger())
    told("evaluate", [{**row, "split": "test"} for row in ROWS])
    assert (tmp_path / "runs.csv").read_text("utf-8").splitlines()[1].split(",")[4] == "rules"


def test_a_file_of_two_languages_is_measured_for_each(told: Callable[..., tuple[int, str]]) -> None:
    english: Row = {"text": "My sister told me about it.", "question": "q2", "stages": ["awareness"], "lang": "en"}
    found = json.loads(told("evaluate", [*ROWS, english], "--json", "--tagger", "question")[1])
    assert {name: one["sentences"] for name, one in found["languages"].items()} == {"en": 1, "ja": 3}
    assert found["languages"]["en"]["micro_f1"] == 1.0
    assert json.loads(told("evaluate", ROWS, "--json")[1])["languages"] == {}


@pytest.mark.parametrize(
    "wrong",
    [{"stages": ["nonsense"]}, {"stages": 3}, {"channel": ["smoke"]}, {"evidence": [{"stage": "anxiety", "start": 2, "end": 99}]},
     {"evidence": [{"stage": "anxiety", "start": float("inf"), "end": 2}]}],
)  # fmt: skip
def test_a_label_that_is_not_in_the_codebook_is_told_with_its_line(
    told: Callable[..., tuple[int, str]], wrong: Row
) -> None:
    code, _ = told("evaluate", [ROWS[0], {**ROWS[1], **wrong}])
    assert code == 2


def test_null_is_not_labelled(told: Callable[..., tuple[int, str]]) -> None:
    bare = {"text": "はい。", "question": "q2", "stages": []}
    null = {**bare, "channel": None, "evidence": None, "interview": None, "previous": None}
    assert told("evaluate", [bare], "--json", "--tagger", "question") == told(
        "evaluate", [null], "--json", "--tagger", "question"
    )


def test_interviews_may_be_numbers(told: Callable[..., tuple[int, str]]) -> None:
    rows: list[Row] = [{"text": "はい。", "stages": [], "interview": number} for number in (1, 1, 2)]
    assert json.loads(told("evaluate", rows, "--json", "--tagger", "question")[1])["groups"] == 2


def test_a_corpus_that_teaches_too_little_is_refused(told: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    source = tmp_path / "rows.jsonl"
    for rows in ([], ROWS):
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        found = CliRunner().invoke(tagger, ["train", "--corpus", str(source), "--out", str(tmp_path)])
        assert found.exit_code == 2
        assert not list(tmp_path.glob("*.npz"))


def test_training_into_no_folder_is_refused_before_it_begins(tmp_path: Path) -> None:
    found = CliRunner().invoke(tagger, ["train", "--out", str(tmp_path / "nowhere")])
    assert (found.exit_code, "--out" in found.output) == (2, True)


def test_agreement_compares_the_readers_of_each_sentence(told: Callable[..., tuple[int, str]]) -> None:
    one: Row = {"stages": ["awareness"]}
    other: Row = {"stages": []}
    rows = [{"text": "a", "readers": {"r1": one, "r2": one}}, {"text": "b", "readers": {"r1": other, "r2": other}}]
    code, output = told("agreement", [*rows, {"text": "c", "readers": {"r1": one, "r2": other}}], "--json")
    found = json.loads(output)
    assert code == 0
    assert found["stages"]["awareness"]["kappa"] == pytest.approx(0.4)
    assert told("agreement", ROWS)[0] == 2
    assert told("agreement", [{"text": "a", "readers": {"r1": ["awareness"], "r2": one}}])[0] == 2


def test_the_report_counts_what_lies_off_the_question(told: Callable[..., tuple[int, str]]) -> None:
    code, output = told("corpus-report", ROWS, "--json")
    found = json.loads(output)
    assert code == 0
    assert (found["sentences"], found["interviews"], found["authors"], found["products"], found["labels"]) == (
        3,
        2,
        2,
        2,
        2,
    )
    assert found["off_question"] == 0.5
    assert found["without_default"] == pytest.approx(2 / 3)
    assert found["no_stage"] == pytest.approx(1 / 3)
    assert found["repeated"] == 0.0
    assert found["channel"]["word_of_mouth"] == 1
