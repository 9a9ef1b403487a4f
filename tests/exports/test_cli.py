import pytest
from openpyxl import load_workbook
from sqlmodel import select
from typer.testing import CliRunner

from app.cli import common
from app.cli.exports import exports
from app.core.database import read_session
from app.exports.models import ExportLog
from app.main import make_job_services
from app.purchases.models import Person


@pytest.fixture
def n1(demo_world, tmp_path, monkeypatch):
    """Run a command in this process, on a copy of the company."""
    world = demo_world.copied_to(tmp_path / "home")
    monkeypatch.setenv("N1_HOME", str(world.settings.home))
    monkeypatch.setenv("N1_LOCALE", "ja")
    monkeypatch.setitem(common._WIRED, "parts", make_job_services)
    for cached in (common.settings, common.parts):
        cached.cache_clear()

    def run(*arguments, code=0):
        done = CliRunner().invoke(exports, [*arguments, "--study", world.ids["study"]])
        assert done.exit_code == code, done.output
        return done

    yield run
    common.parts().engine.dispose()
    for cached in (common.settings, common.parts):
        cached.cache_clear()


def logged():
    with read_session(common.parts().engine) as session:
        return [(row.kind.value, row.planner_view, len(row.people)) for row in session.exec(select(ExportLog))]


def heard_person(world):
    with read_session(common.parts().engine) as session:
        return session.exec(select(Person).where(Person.public_id == world.ids["person"])).one().code_name


def test_a_deck_of_one_person_is_written_and_logged(n1, demo_world, tmp_path):
    out = tmp_path / "one.pptx"
    said = n1("deck", "--person", heard_person(demo_world), "--out", str(out)).output
    assert out.read_bytes().startswith(b"PK")
    assert "1人" in said
    assert logged() == [("pptx", False, 1)]


def test_the_quotes_of_a_study_can_be_written_as_a_planner_sees_them(n1, tmp_path):
    out = tmp_path / "all.xlsx"
    n1("quotes", "--as", "planner", "--out", str(out))
    assert load_workbook(out).worksheets[0].max_row > 1
    assert logged() == [("xlsx", True, 1)]


@pytest.mark.parametrize("wrong", [("--person", "だれでもない"), ("--as", "nobody"), ("--as", "outsider")])
def test_unknown_people_and_strangers_get_a_sentence_and_no_file(n1, tmp_path, wrong):
    out = tmp_path / "none.pptx"
    n1("deck", *wrong, "--out", str(out), code=2)
    assert not out.exists()
    assert logged() == []
