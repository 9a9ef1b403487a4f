import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.accounts.models import AuditEntry
from app.core.database import make_engine, read_session
from app.exports.models import ExportLog
from tests.support.client import visitor
from tests.support.orders import CANARIES
from tests.support.world import World

KINDS = ("pptx", "xlsx")


@pytest.fixture(scope="module")
def company(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A copy that these tests may write their log to."""
    return demo_world.copied_to(tmp_path_factory.mktemp("exports") / "home")


def asked(client: TestClient, company: World, *, study: str = "study", **form: str) -> tuple[int, bytes, str]:
    reply = client.post(f"/studies/{company.ids[study]}/exports", data=form)
    return reply.status_code, reply.content, reply.headers.get("content-disposition", "")


def unpacked(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def newest(company: World) -> tuple[ExportLog, AuditEntry]:
    engine = make_engine(company.settings)
    with read_session(engine) as session:
        found = last_rows(session)
    engine.dispose()
    return found


def last_rows(session: Session) -> tuple[ExportLog, AuditEntry]:
    entry = session.exec(select(ExportLog)).all()[-1]
    audit = [row for row in session.exec(select(AuditEntry)).all() if row.action == "export.made"][-1]
    session.expunge_all()
    return entry, audit


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ["planner", "researcher"])
def test_no_file_of_one_person_holds_a_name_an_address_or_a_customer_number(company: World, kind: str, role: str):
    with visitor(company, role) as client:
        status, content, disposition = asked(client, company, kind=kind, person_id=company.ids["person"])
    assert status == 200
    assert disposition.startswith("attachment")
    inside = unpacked(content)
    assert [word for word in CANARIES if word in inside or word.encode() in content] == []


def test_each_file_is_logged_with_who_it_holds_and_without_words(company: World):
    with visitor(company, "planner") as client:
        asked(client, company, kind="pptx", person_id=company.ids["person"])
    entry, audit = newest(company)
    assert entry.planner_view
    assert entry.people == [company.ids["person"]]
    assert entry.quotes > 0
    assert audit.object_id == company.ids["study"]
    assert audit.detail == {"kind": "pptx", "people": 1, "left_out": 0}


def test_the_log_is_shown_to_the_studys_members_only(company: World):
    with visitor(company, "researcher") as client:
        asked(client, company, kind="xlsx")
        page = client.get("/exports").text
    assert company.texts.title in page
    with visitor(company, "outsider") as client:
        assert company.texts.title not in client.get("/exports").text


def test_somebody_elses_study_and_unknown_people_are_not_there(company: World):
    with visitor(company, "planner") as client:
        assert asked(client, company, study="other_study", kind="pptx")[0] == 404
        assert asked(client, company, kind="pptx", person_id="nobody")[0] == 404
    with visitor(company, "outsider") as client:
        assert asked(client, company, kind="xlsx")[0] == 404


def test_an_unknown_kind_is_refused_with_a_sentence(company: World):
    with visitor(company, "researcher") as client:
        status, content, _ = asked(client, company, kind="exe")
    assert status == 422
    assert "選" in content.decode()


def test_the_file_is_named_by_what_it_is_and_as_of_when(company: World):
    with visitor(company, "researcher") as client:
        _, _, disposition = asked(client, company, kind="xlsx")
    assert "2026-11-15.xlsx" in disposition
    assert Path(disposition.rsplit("'", 1)[-1]).suffix == ".xlsx"
