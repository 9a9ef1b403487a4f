import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import candidates, common, studies
from app.main import make_job_services

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {"studies": studies.studies, "candidates": candidates.candidates}


@pytest.fixture
def n1(shop, monkeypatch):
    """Run a command in this process, on the shop's home."""
    monkeypatch.setenv("N1_HOME", str(shop.parts.settings.home))
    monkeypatch.setenv("N1_LOCALE", "ja")
    monkeypatch.setitem(common._WIRED, "parts", make_job_services)
    for cached in (common.settings, common.parts):
        cached.cache_clear()

    def run(command, *arguments, code=0):
        done = CliRunner().invoke(COMMANDS[command], arguments)
        assert done.exit_code == code, done.output
        return done

    yield run
    common.parts().engine.dispose()
    for cached in (common.settings, common.parts):
        cached.cache_clear()


def keys_of(section):
    """Return the keys that docs/cli.md documents under a heading, from its tables."""
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    part = text.split(f"### {section}\n", 1)[1].split("\n### ", 1)[0].split("\n## ", 1)[0]
    return {line.split("`")[1] for line in part.splitlines() if line.startswith("| `")}


def paths(value, prefix=""):
    """Return the keys of a JSON document; lane and reason names read LANE and REASON, list items []."""
    if isinstance(value, list):
        return set().union(*(paths(item, f"{prefix}[]") for item in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, inner in value.items():
        name = "LANE" if prefix == "lanes" else "REASON" if prefix.endswith("left_out") else key
        path = f"{prefix}.{name}" if prefix else name
        found |= {path} | paths(inner, path)
    return found


def test_create_pick_list_and_state_print_the_keys_that_are_documented(n1):
    study = json.loads(n1("studies", "create", "--product", "あまみず", "--loyal", "2", "--lapsed", "1", "--churned", "2", "--title", "続く理由", "--quota", "性別=女性:1", "--json").stdout)  # fmt: skip
    assert paths(study) == keys_of("n1 studies create --json")
    assert study["quotas"] == {"loyal": 2, "lapsed": 1, "churned": 2}
    listed = json.loads(n1("studies", "list", "--json").stdout)
    assert listed["studies"][0] == study
    assert paths(listed) == keys_of("n1 studies list --json")

    picked = json.loads(n1("candidates", "pick", "--study", study["study_id"], "--json").stdout)
    assert paths(picked) - {"lanes.LANE.left_out.REASON"} == keys_of("n1 candidates pick --json") - {
        "lanes.LANE.left_out.REASON"
    }
    assert {lane: len(found["picked"]) for lane, found in picked["lanes"].items()} == {
        "loyal": 2, "lapsed": 1, "churned": 2,
    }  # fmt: skip
    one = picked["lanes"]["loyal"]["picked"][0]
    assert one["state"] == "proposed"
    assert all(isinstance(reason, str) and "{" not in reason for reason in one["reasons"])

    moved = json.loads(n1("candidates", "state", one["candidate_id"], "invited", "--json").stdout)
    assert paths(moved) == keys_of("n1 candidates state --json")
    shown = json.loads(n1("candidates", "list", "--study", study["study_id"], "--json").stdout)
    assert paths(shown) == keys_of("n1 candidates list --json")
    assert {row["state"] for row in shown["candidates"]} == {"invited", "proposed"}
    assert n1("candidates", "state", one["candidate_id"], "held", code=2).stderr.startswith("今の状態からは")


def test_faults_are_one_sentence_and_exit_code_two(n1):
    assert "見つからない" in n1("candidates", "pick", "--study", "nothing", code=2).stderr
    assert "1人以上の枠" in n1("studies", "create", "--product", "x", code=2).stderr
    assert (
        "だれも" not in n1("studies", "create", "--product", "x", "--loyal", "1", "--member", "nobody", code=2).stderr
    )
    assert n1("studies", "create", "--product", "x" * 81, "--loyal", "1", code=2).stderr
