"""An import whose command was killed is forgotten by the next command; what lives, or came by the page, is not."""

from datetime import timedelta
from pathlib import Path

from app.accounts.schemas import COMMAND_LINE
from app.cli import leftovers
from app.core.database import read_session, write_session
from app.purchases import import_queries, operations, queries, tasks
from tests.purchases.build import NOW, Shop, row, text_of


def begun(shop: Shop, folder: Path) -> str:
    file = folder / "orders.csv"
    file.write_text(text_of(row()), "utf-8")
    with write_session(shop.parts.engine) as session:
        run = operations.start_import(
            session, shop.store, actor=COMMAND_LINE, source="shop", file_name=file.name, path=file, now=NOW,
            keep_original=True,
        )  # fmt: skip
        operations.request_check(session, run=run)
        return run.public_id


def forget(shop: Shop) -> list[str]:
    with write_session(shop.parts.engine) as session:
        leftovers.forget(session, shop.store)
    with read_session(shop.parts.engine) as session:
        return [one.public_id for one in queries.list_imports(session)]


def test_a_killed_commands_import_is_forgotten_and_the_file_stays(shop: Shop, tmp_path: Path) -> None:
    public_id = begun(shop, tmp_path)
    folder = shop.store.upload_dir(public_id)
    with leftovers.held(folder):
        assert forget(shop) == [public_id]
    assert forget(shop) == []
    assert not folder.exists()
    assert (tmp_path / "orders.csv").exists()


def test_an_import_that_stopped_while_it_was_taken_is_forgotten_too(shop: Shop) -> None:
    public_id, _ = shop.check(text_of(row()))
    shop.confirm(public_id)
    with leftovers.held(shop.store.upload_dir(public_id)):
        pass
    assert forget(shop) == []


def test_imports_of_the_page_wait_for_their_worker(shop: Shop) -> None:
    public_id, _ = shop.check(text_of(row()))
    assert forget(shop) == [public_id]


def test_an_upload_nobody_took_is_deleted_after_a_week(shop: Shop) -> None:
    waiting, _ = shop.check(text_of(row()))
    taken = shop.take(text_of(row()), source="other")
    for days, left in ((6, {waiting, taken}), (8, {taken})):
        with write_session(shop.parts.engine) as session:
            operations.forget_old_uploads(session, shop.store, now=NOW + timedelta(days=days))
        with read_session(shop.parts.engine) as session:
            assert {one.public_id for one in queries.list_imports(session)} == left
    assert not shop.store.upload_dir(waiting).exists()
    assert len(shop.people()) == 1


def listed_as(shop: Shop) -> list[tuple[str, bool]]:
    with read_session(shop.parts.engine) as session:
        rows = import_queries.told_truly(session, shop.store, queries.list_imports(session))
    return [(str(one.state), one.interrupted) for one in rows]


def test_a_killed_commands_import_is_listed_as_interrupted(shop: Shop, tmp_path: Path) -> None:
    public_id = begun(shop, tmp_path)
    with leftovers.held(shop.store.upload_dir(public_id)):
        assert listed_as(shop) == [("checking", False)]
    assert listed_as(shop) == [("checking", True)]
    with write_session(shop.parts.engine) as session:
        operations.discard(session, shop.store, run=queries.get_import(session, public_id))
    assert listed_as(shop) == []


def test_work_nobody_is_at_is_listed_as_interrupted_until_somebody_is(shop: Shop) -> None:
    public_id, _ = shop.check(text_of(row()))
    shop.confirm(public_id)
    assert listed_as(shop) == [("importing", False)]
    with write_session(shop.parts.engine) as session:
        queries.get_import(session, public_id).phase = "counting"
    with shop.store.lock():
        assert listed_as(shop) == [("importing", False)]
    assert listed_as(shop) == [("importing", True)]
    tasks.run_import(shop.parts, public_id)
    assert listed_as(shop) == [("done", False)]
