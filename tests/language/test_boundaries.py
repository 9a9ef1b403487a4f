"""How well the sentences of speech are found: the measure itself, and the level it must keep on a set of its own."""

import json
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli.tagger_boundaries import boundaries
from app.language.client import local_analyser
from app.language.measure.boundaries import Boundaries, Spoken, answers_of, compare
from app.language.schemas import AnswerInput

SET = tomllib.loads((Path(__file__).parent / "boundaries.toml").read_text("utf-8"))
OWN, EARLIER, UNSEEN = (Path(__file__).parent / f"boundaries_{name}.txt" for name in ("own", "earlier", "unseen"))
"""All were written after the splitter of their day was done, for measuring only: never mended, never learned from."""
LEAST = {("ja", "marked"): 0.96, ("ja", "unmarked"): 0.92, ("en", "marked"): 0.96, ("en", "unmarked"): 0.7}


def found_in(answers: list[Spoken]) -> list[list[str]]:
    analyser = local_analyser()
    return [[one.text for one in analyser.answer(AnswerInput(answer.text, lang=answer.lang))] for answer in answers]


def level(answers: list[Spoken]) -> Boundaries:
    return compare(answers, found_in(answers))


def answers(lang: str, kind: str) -> list[Spoken]:
    return [Spoken(tuple(sentences), lang) for sentences in SET[lang][kind]]


@pytest.mark.parametrize(("lang", "kind"), LEAST)
def test_each_way_of_writing_speech_keeps_its_level(lang: str, kind: str) -> None:
    assert (level(answers(lang, kind)).f1 or 0) >= LEAST[lang, kind]


def test_the_whole_set_keeps_its_level() -> None:
    everything = [one for lang, kind in LEAST for one in answers(lang, kind)]
    assert len(everything) >= 60
    assert (level(everything).f1 or 0) >= 0.95


def test_answers_that_nothing_was_tuned_on_keep_their_level() -> None:
    own, earlier, unseen = (list(answers_of(one.read_text("utf-8").splitlines())) for one in (OWN, EARLIER, UNSEEN))
    assert (len(own), len(earlier), len(unseen)) == (150, 300, 36)
    bare = [one for one in own if not one.is_punctuated]
    assert len(bare) == 35
    assert (level(own).f1 or 0) >= 0.95
    assert (level(bare).f1 or 0) >= 0.8
    assert (level(earlier).f1 or 0) >= 0.94
    assert (level(unseen).f1 or 0) >= 0.92


def test_answers_are_read_from_texts_of_the_corpus() -> None:
    lines = [
        "@interview",
        "product: 茶",
        "@q1 何に？",
        "肌です。",
        "",
        "荒れて。",
        "@alt q5",
        "肌です。",
        "@q2",
        "母から。",
    ]
    found = list(answers_of(lines))
    assert [one.sentences for one in found] == [("肌です。", "荒れて。"), ("母から。",)]
    assert found[0].text == "肌です。荒れて。"
    assert Spoken(("a b", "c"), "en").text == "a b c"


def test_blanks_and_marks_at_the_edge_of_a_sentence_decide_nothing() -> None:
    one = Spoken(("そう。", "「はい」と。", "え"), "ja")
    assert one.boundaries() == {2, 5}
    assert compare([one], [["そう", "。「はい」と。え"]]) == Boundaries(answers=1, true=2, found=1, right=1)
    assert compare([one], [["そう。「はい」と。え"]]).precision is None
    assert compare([one], [["そ", "う。", "「はい」と。え"]]).f1 == 0.5


def test_the_command_prints_every_group(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("@q1\n肌です。\n荒れました。\n@q2\nI saw it.\nIt was cheap.\n", "utf-8")
    runner = CliRunner()
    app = typer.Typer()
    app.command()(boundaries)
    shown = json.loads(runner.invoke(app, [str(source), "--json"]).output)
    assert {name: one["f1"] for name, one in shown.items()} == {"ja": 1, "ja.marked": 1, "en": 1, "en.marked": 1}
    assert runner.invoke(app, [str(source)]).output.splitlines()[0] == "ja\t1\t1\t1.000\t1.000\t1.000"
    assert runner.invoke(app, [str(tmp_path / "none.txt")]).exit_code == 2
