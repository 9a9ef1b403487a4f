"""Commands that do not fit: exit code 2 and one sentence on standard error, never a usage box, never a traceback."""

import sys
from pathlib import Path

import pytest

from app.cli import common
from app.cli.app import app
from app.cli.edge import run


@pytest.fixture
def n1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("N1_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("N1_LOCALE", "ja")
    common.settings.cache_clear()

    def call(*words: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["n1", *words])
        with pytest.raises(SystemExit) as ended:
            run(app)
        return ended.value.code, capsys.readouterr().err

    yield call
    common.settings.cache_clear()


PICK = ("candidates", "pick", "--study", "x")
WRONG = {
    "no such file": (("purchases", "import", "/nowhere.csv", "--source", "s"), "/nowhere.csv にファイルがありません。"),
    "a folder": (("purchases", "import", "/", "--source", "s"), "/ にファイルがありません。"),
    "no source": (("purchases", "import", "/nowhere.csv"), "--source の指定がありません。"),
    "no file": (("purchases", "import", "--source", "s"), "FILE の指定がありません。"),
    "an option nobody knows": (("purchases", "list", "--foo"), "--foo という指定はありません。"),
    "a command nobody knows": (("foo",), "このままでは実行できないコマンドです。"),
    "no day": ((*PICK, "--as-of", "いつか"), "--as-of の値は使えません。"),
    "people below zero": (("studies", "create", "--product", "x", "--loyal", "-1"), "--loyal の値は使えません。"),
    "no product": (("studies", "create", "--product", " ", "--loyal", "1"), "--product の値は使えません。"),
    "a step nobody knows": (("candidates", "state", "x", "foo"), "STATE の値は使えません。"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_told_in_one_sentence(n1, name: str) -> None:
    words, sentence = WRONG[name]
    code, told = n1(*words)
    assert code == 2
    assert told.startswith(sentence)
    assert told.count("\n") == 1


def test_a_folder_that_is_not_there_is_named(n1, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"text": "おいしい"}\n', "utf-8")
    target = tmp_path / "nowhere" / "out.jsonl"
    code, told = n1("tagger", "tag", "--in", str(lines), "--out", str(target))
    assert (code, told) == (2, f"{target} を開けないか、読み書きできません。\n")


@pytest.mark.parametrize("line", ['{"text": "\\ud800"}', "[" * 100_000])
def test_a_line_that_cannot_be_written_again_is_named(n1, tmp_path: Path, line: str) -> None:
    lines, target = tmp_path / "lines.jsonl", tmp_path / "out.jsonl"
    lines.write_text(line, "utf-8")
    code, told = n1("tagger", "tag", "--in", str(lines), "--out", str(target))
    assert code == 2
    assert told.startswith("1行目")
    assert not target.exists()


def test_a_setting_that_cannot_be_is_named(n1, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("N1_PORT", "abc")
    assert n1("config", "show") == (2, "N1_PORT の値は使えません。\n")


def test_a_command_that_ends_well_ends_with_0(n1) -> None:
    assert n1("config", "show") == (0, "")
