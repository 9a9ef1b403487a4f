"""The corpus in the repository: its labels are of the codebook, its files are those its sources make, its splits stay apart."""

import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from app.cli.tagger_measure import entry
from app.language.codebook import CancelReason, Channel, Stage
from app.language.lines import Line, read_lines
from app.language.measure.composition import composition
from tests.support.report import ROOT

FOLDER = ROOT / "seed_data" / "tagger"
FILES = sorted(FOLDER.glob("*.jsonl"))


@pytest.fixture(scope="module")
def lines() -> dict[str, list[Line]]:
    return {path.stem: read_lines(path) for path in FILES}


def test_the_files_are_what_texts_and_labels_make(tmp_path: Path) -> None:
    copy = tmp_path / "tagger"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.jsonl", "__pycache__"))
    subprocess.run([sys.executable, copy / "make_corpus.py"], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in copy.glob("*.jsonl")} == {
        path.name: path.read_bytes() for path in FILES
    }


def test_every_label_is_of_the_codebook_and_every_sentence_stands_once(lines: dict[str, list[Line]]) -> None:
    labels = {line.given["id"]: entry(line).labelled.labels for found in lines.values() for line in found}
    assert all(bool(one.stages) == bool(one.evidence) for one in labels.values())
    ids = [line.given["id"] for found in lines.values() for line in found]
    assert ids
    assert len(ids) == len(set(ids))


def test_no_author_product_or_interview_is_in_two_splits(lines: dict[str, list[Line]]) -> None:
    for name in ("author", "product", "interview"):
        splits = defaultdict[str, set[str]](set)
        for stem, found in lines.items():
            for line in found:
                splits[line.given[name]].add(stem)
                assert line.given["split"] == stem
        assert not {value for value, held in splits.items() if len(held) > 1}, name


def test_the_mix_pays_for_reading_what_is_said(lines: dict[str, list[Line]]) -> None:
    found = composition([entry(line) for line in lines["train"]])
    assert found.off_question is not None
    assert found.off_question >= 0.4
    assert found.without_default is not None
    assert found.without_default >= 0.15
    assert found.no_stage is not None
    assert found.no_stage >= 0.08
    assert found.repeated is not None
    assert found.repeated < 0.01


def test_the_corpus_is_large_and_every_label_occurs(lines: dict[str, list[Line]]) -> None:
    everything = [line for found in lines.values() for line in found]
    found = composition([entry(line) for line in everything])
    english = sum(line.sentence.lang == "en" for line in everything)
    assert (found.sentences - english >= 6_500, english >= 1_500) == (True, True)
    assert (found.interviews >= 300, found.products >= 60, found.categories >= 20) == (True, True, True)
    assert found.stages[Stage.LOYALTY_TRIGGER] >= 700
    assert {name: count for name, count in [*found.channel.items(), *found.cancel_reason.items()] if count < 40} == {}
    assert set(found.channel) == set(Channel)
    assert set(found.cancel_reason) == set(CancelReason)
