"""Two processes at work in one home: imports queue, the same work asked for twice is done once or harmlessly."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.core.database import write_session
from app.purchases import operations, queries
from app.purchases.models import ImportState
from tests.prove.killed_work import children, run
from tests.purchases import accounts, overlaps, store_state
from tests.purchases.build import NOW, Shop
from tests.purchases.undo_walk import with_shop

FILES = overlaps.files_of(3)


def at_once(home: Path, jobs: Sequence[tuple[str, str]]) -> list[int | None]:
    """Do the jobs in processes that start together; return how each ended."""
    started = [children().Process(target=run, args=(str(home), job, public_id)) for job, public_id in jobs]
    for child in started:
        child.start()
    for child in started:
        child.join(timeout=120)
    return [child.exitcode for child in started]


def waiting(shop: Shop, *files: tuple[overlaps.OverlapFile, str]) -> list[str]:
    """Check files and say go; nothing is taken yet."""
    ids = [shop.check(file.data, source=source)[0] for file, source in files]
    for public_id in ids:
        shop.confirm(public_id)
    shop.parts.engine.dispose()
    return ids


@pytest.mark.parametrize("second", ["店", "モール"])
def test_two_imports_at_once_queue_and_both_are_in(shop: Shop, second: str) -> None:
    ids = waiting(shop, (FILES[0], "店"), (FILES[1], second))
    ends = at_once(shop.parts.settings.home, [("purchases.import", public_id) for public_id in ids])
    assert ends == [0, 0]
    assert [shop.run(public_id).state for public_id in ids] == [ImportState.DONE, ImportState.DONE]
    assert store_state.strays(shop) == []
    if second == "店":
        assert accounts.people_differ(overlaps.model(FILES[:2]), accounts.people_of(shop, "店")) == []
    else:
        assert accounts.people_differ(overlaps.model(FILES[:1]), accounts.people_of(shop, "店")) == []
        assert accounts.people_differ(overlaps.model(FILES[1:2]), accounts.people_of(shop, "モール")) == []
    reports = [shop.report(public_id) for public_id in ids]
    assert all(accounts.adds_up(report) == [] for report in reports)
    assert sum(report.known for report in reports) == (overlapping() if second == "店" else 0)


def overlapping() -> int:
    return len(overlaps.keyed(FILES[0]).keys() & overlaps.keyed(FILES[1]).keys())


def test_an_import_and_an_undo_at_once_queue(shop: Shop) -> None:
    first = shop.take(FILES[0].data, source="店")
    (second,) = waiting(shop, (FILES[1], "店"))
    with write_session(shop.parts.engine) as session:
        run_of = queries.get_import(session, first)
        operations.request_undo(session, run=run_of, actor=COMMAND_LINE, now=NOW)
    shop.parts.engine.dispose()
    assert at_once(shop.parts.settings.home, [("purchases.undo", first), ("purchases.import", second)]) == [0, 0]
    assert [shop.run(one).state for one in (first, second)] == [ImportState.UNDONE, ImportState.DONE]
    assert accounts.people_differ(overlaps.model(FILES[1:2]), accounts.people_of(shop, "店")) == []
    assert store_state.strays(shop) == []


@pytest.mark.parametrize("job", ["purchases.check", "purchases.import"])
def test_the_same_work_asked_of_two_workers_is_harmless(shop: Shop, tmp_path: Path, job: str) -> None:
    public_id = shop.upload(FILES[1].data, source="店")
    with write_session(shop.parts.engine) as session:
        operations.request_check(session, run=queries.get_import(session, public_id))
    if job == "purchases.import":
        finish_check(shop, public_id)
        shop.confirm(public_id)
    shop.parts.engine.dispose()
    assert shop.store.secret  # the same key on both sides: references of customers are made with it
    alone = tmp_path / "alone"
    shutil.copytree(shop.parts.settings.home, alone)
    assert at_once(alone, [(job, public_id)]) == [0]
    assert at_once(shop.parts.settings.home, [(job, public_id)] * 3) == [0, 0, 0]
    with_shop(alone, lambda peace: same(shop, peace, public_id))


def finish_check(shop: Shop, public_id: str) -> None:
    from app.purchases import tasks

    tasks.run_check(shop.parts, public_id)


def same(shop: Shop, peace: Shop, public_id: str) -> None:
    assert shop.run(public_id).state is peace.run(public_id).state
    assert shop.report(public_id) == peace.report(public_id)
    if shop.run(public_id).state is ImportState.CHECKED:
        for one in (shop, peace):
            one.confirm(public_id)
            take(one, public_id)
    assert store_state.differences(store_state.said(shop), store_state.said(peace)) == []
    assert store_state.strays(shop) == []


def take(shop: Shop, public_id: str) -> None:
    accounts.take(shop, public_id)
    assert shop.run(public_id).state is ImportState.DONE
