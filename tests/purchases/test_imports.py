"""Taking files in and back: nothing twice, nothing half, the newest word wins."""

import os
import shutil
import signal
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.core.errors import Conflict, NotFound
from app.core.settings import Settings
from app.purchases import operations, queries, tasks
from app.purchases.models import ImportState
from tests.prove.killed_work import work
from tests.purchases.accounts import small_pieces
from tests.purchases.build import NOW, Shop, row, text_of

JANUARY = text_of(row(order="1", day="2026-01-05"), row(order="2", customer="c2", day="2026-01-20", price=500))
OVERLAP = text_of(
    row(order="2", customer="c2", day="2026-01-20", price=500), row(order="3", day="2026-02-03", price=300)
)


def amounts(shop: Shop) -> dict[str, Decimal]:
    return {name: person.amount for name, person in shop.people().items()}


def test_the_same_file_again_adds_nothing(shop: Shop) -> None:
    shop.take(JANUARY)
    again = shop.report(shop.take(JANUARY))
    assert (again.taken, again.known, again.changed) == (0, 2, 0)
    assert amounts(shop) == {"c1": 1000, "c2": 500}


def test_overlapping_files_count_each_order_once(shop: Shop) -> None:
    shop.take(JANUARY)
    report = shop.report(shop.take(OVERLAP))
    assert (report.taken, report.known) == (1, 1)
    assert report.known_amount == {"JPY": Decimal(500)}
    assert amounts(shop) == {"c1": 1300, "c2": 500}


def test_undo_leaves_what_the_other_file_alone_would_give(shop: Shop) -> None:
    first = shop.take(JANUARY)
    second = shop.take(OVERLAP)
    shop.undo(first)
    assert amounts(shop) == {"c1": 300, "c2": 500}
    shop.undo(second)
    assert not shop.people()
    assert not list(shop.store.orders_dir.glob("*.parquet"))


def test_undone_cannot_be_undone_again(shop: Shop) -> None:
    public_id = shop.take(JANUARY)
    shop.undo(public_id)
    with pytest.raises(Conflict), write_session(shop.parts.engine) as session:
        operations.request_undo(session, run=queries.get_import(session, public_id), actor=COMMAND_LINE, now=NOW)


def test_the_same_order_numbers_of_two_sources_are_two_orders(shop: Shop) -> None:
    shop.take(JANUARY, source="own")
    shop.take(JANUARY, source="mall")
    with read_session(shop.parts.engine) as session:
        people = queries.summaries(session, shop.store)
    assert [(person.source, person.customer_id, person.orders) for person in people] == [
        ("mall", "c1", 1), ("mall", "c2", 1), ("own", "c1", 1), ("own", "c2", 1),
    ]  # fmt: skip


def test_a_later_file_may_cancel_a_known_order(shop: Shop) -> None:
    shop.take(JANUARY)
    report = shop.report(shop.take(text_of(row(order="1", day="2026-01-05", status="注文取消し"))))
    assert (report.taken, report.known, report.changed) == (0, 1, 1)
    assert amounts(shop) == {"c2": 500}


def test_equal_rows_of_a_file_without_order_numbers_are_all_kept(shop: Shop) -> None:
    data = "id,date,qty,amt\n1,20260101,1,11.77\n1,20260101,1,11.77\n2,20260102,0,0.00\n"
    report = shop.report(shop.take(data, options={"currency": "USD"}))
    assert (report.orders, report.exact_repeats, report.amount) == (3, 1, {"USD": Decimal("23.54")})
    assert shop.report(shop.take(data, options={"currency": "USD"})).taken == 0
    people = shop.people()
    assert (people["1"].orders, people["1"].purchase_days, people["2"].orders) == (2, 1, 1)


def test_exact_repeats_are_dropped_where_asked_for(shop: Shop) -> None:
    data = "id,date,qty,amt\n1,20260101,1,11.77\n1,20260101,1,11.77\n"
    public_id, held = shop.check(data, options={"drop_exact_duplicates": True})
    assert shop.report(public_id).taken == 1
    assert [item.line for item in held] == [3]


def test_cancels_returns_and_fees_are_taken_off(shop: Shop) -> None:
    headers = ("注文番号", "顧客ID", "注文日", "商品名", "数量", "単価", "対応状況", "明細区分")
    rows = [
        ("1", "c1", "2026-01-01", "美容液", "2", "1000", "", "商品"),
        ("1", "c1", "2026-01-01", "送料", "1", "550", "", "送料"),
        ("1", "c1", "2026-01-03", "美容液", "-1", "1000", "", "商品"),
        ("2", "c1", "2026-01-05", "化粧水", "1", "3000", "キャンセル", "商品"),
        ("3", "c1", "2026-01-06", "化粧水", "1", "3000", "返品", "商品"),
        ("4", "c1", "2026-01-07", "サンプル", "1", "0", "", "商品"),
        ("5", "c1", "2026-01-08", "石けん", "1", "800", "", "商品"),
        ("5", "c1", "2026-01-09", "石けん", "-1", "800", "", "商品"),
    ]
    report = shop.report(shop.take(text_of(*rows, headers=headers)))
    assert (report.taken, report.cancelled, report.returned, report.fees) == (8, 1, 3, 1)
    assert report.amount == {"JPY": Decimal(1000)}
    assert report.fee_amount == {"JPY": Decimal(550)}
    assert report.void_amount == {"JPY": Decimal(6000)}
    person = shop.people()["c1"]
    assert (person.orders, person.amount, person.items) == (2, Decimal(1000), 2)


def test_the_mapping_is_remembered_for_the_source(shop: Shop) -> None:
    columns = {"order_id": "A", "customer_key": "B", "ordered_at": "C", "line_amount": "D"}
    data = "A,B,C,D\n1,c1,2026-01-01,100\n"
    shop.take(data, columns=columns)
    public_id = shop.upload(data.replace("1,c1", "2,c1").encode())
    with read_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        assert operations.inspect(shop.store, run).mapping.columns == columns


def test_the_upload_is_gone_after_the_import(shop: Shop) -> None:
    public_id = shop.take(JANUARY)
    assert not shop.store.upload_dir(public_id).exists()


def test_a_person_outlives_undo_and_comes_back_the_same(shop: Shop) -> None:
    public_id = shop.take(JANUARY)
    summary = shop.people()["c1"]
    with write_session(shop.parts.engine) as session:
        person = operations.person_for(session, summary, NOW)
        person_id = person.id or 0
    shop.undo(public_id)
    with read_session(shop.parts.engine) as session:
        assert not queries.person_timeline(session, shop.store, person_id=person_id).orders
        with pytest.raises(NotFound):
            queries.customer(session, shop.store, customer_ref=summary.customer_ref)
    shop.take(JANUARY)
    with write_session(shop.parts.engine) as session:
        assert operations.person_for(session, shop.people()["c1"], NOW).id == person_id
        assert len(queries.person_timeline(session, shop.store, person_id=person_id).orders) == 1


def test_a_check_can_be_stopped(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "TICK", 0.0)
    public_id = shop.upload(JANUARY.encode())
    with write_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        operations.request_check(session, run=run)
        operations.cancel(session, run=run)
    tasks.run_check(shop.parts, public_id)
    assert shop.run(public_id).state is ImportState.CANCELLED
    assert not shop.store.upload_dir(public_id).exists()


@pytest.mark.parametrize("work", ["check", "import"])
def test_a_stop_in_the_last_moment_still_stops(shop: Shop, monkeypatch: pytest.MonkeyPatch, work: str) -> None:
    """The button is pressed when the file is read or the figures are built, and only the row is left to be written."""
    shop.take(JANUARY)
    before = amounts(shop)
    stopped: list[str] = []

    def press(*_: object, **__: object) -> str:
        with write_session(shop.parts.engine) as session:
            run = queries.list_imports(session)[0]
            operations.cancel(session, run=queries.get_import(session, run.public_id))
            stopped.append(run.public_id)
        return "unused"

    read = tasks._prepared

    def read_and_press(*what: object) -> object:
        prepared = read(*what)  # type: ignore[arg-type]  # handed on as it came
        press()
        return prepared

    if work == "check":
        monkeypatch.setattr(tasks, "_prepared", read_and_press)
        shop.check(OVERLAP)
    else:
        public_id, _ = shop.check(OVERLAP)
        shop.confirm(public_id)
        monkeypatch.setattr(tasks, "build_version", press)
        tasks.run_import(shop.parts, public_id)
    assert shop.run(stopped[0]).state is ImportState.CANCELLED
    assert amounts(shop) == before
    assert not shop.store.upload_dir(stopped[0]).exists()
    assert not shop.store.rows_path(stopped[0]).exists()


def test_two_imports_at_once_wait_for_each_other(shop: Shop) -> None:
    files = [text_of(row(order=str(n), customer=f"c{n}")) for n in range(4)]
    ids = [shop.check(data)[0] for data in files]
    for public_id in ids:
        shop.confirm(public_id)
    threads = [threading.Thread(target=tasks.run_import, args=(shop.parts, public_id)) for public_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(shop.people()) == {"c0", "c1", "c2", "c3"}


def test_an_import_killed_at_any_moment_leaves_the_old_state_and_ends_when_run_again(
    shop: Shop, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    shop.take(JANUARY)
    before = amounts(shop)
    public_id, _ = shop.check(OVERLAP)
    shop.confirm(public_id)
    engine.dispose()
    shutil.copytree(settings.home, tmp_path / "peace")
    code, moments = work(tmp_path / "peace", "purchases.import", public_id)
    assert (code, moments > 10) == (0, True)
    for tenth in (1, 4, 7, 9):
        code, _ = work(settings.home, "purchases.import", public_id, last=moments * tenth // 10)
        if shop.run(public_id).state is ImportState.DONE:
            break
        assert code == -signal.SIGKILL
        assert amounts(shop) == before
    with read_session(engine) as session:
        left = queries.unfinished_jobs(session)
    assert left in ([("purchases.import", public_id)], [])
    tasks.run_import(shop.parts, public_id)
    assert amounts(shop) == {"c1": 1300, "c2": 500}
    assert shop.run(public_id).state is ImportState.DONE


def test_a_page_that_began_before_an_import_ended_reads_on(shop: Shop) -> None:
    shop.take(JANUARY)
    with read_session(shop.parts.engine) as page:
        assert queries.as_of(page, shop.store)
        shop.take(OVERLAP)
        assert queries.list_customers(page, shop.store).total == 2
        assert queries.timeline(page, shop.store, source="shop", customer_id="c1").orders
    shop.take(text_of(row(order="9", day="2026-03-01")))
    assert len(list(shop.store.orders_dir.glob("list-*.sqlite3"))) == 2


def test_what_a_killed_process_left_is_cleared_at_the_next_import(shop: Shop) -> None:
    uploads = shop.store.uploads_dir
    (uploads / "build-broken").mkdir(parents=True)
    (uploads / "build-broken" / "lines.parquet").write_bytes(b"x")
    old, fresh = uploads / "old.part", uploads / "fresh.part"
    for path in (old, fresh):
        path.write_bytes(b"x")
    (uploads / "gone.part").symlink_to(uploads / "nowhere")  # as if it went between the look and the touch
    os.utime(old, (0, 0))
    waiting = shop.upload(JANUARY.encode())
    os.utime(shop.store.upload_dir(waiting), (0, 0))
    shop.take(OVERLAP)
    assert {path.name for path in uploads.iterdir()} == {"fresh.part", "gone.part", waiting}


def test_rows_of_a_killed_import_outlive_the_next_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    killed, _ = shop.check(JANUARY)
    shop.confirm(killed)
    with monkeypatch.context() as patch:
        patch.setattr(tasks, "_finish", lambda *_, **__: None)
        patch.setattr(tasks, "_sweep", lambda _: None)
        patch.setattr(tasks, "build_version", _stops)
        with pytest.raises(KeyboardInterrupt):
            tasks.run_import(shop.parts, killed)
    shop.take(OVERLAP)
    tasks.run_import(shop.parts, killed)
    assert amounts(shop) == {"c1": 1300, "c2": 500}


def _stops(*_: object, **__: object) -> str:
    raise KeyboardInterrupt


def test_a_source_keeps_to_one_currency(shop: Shop) -> None:
    shop.take(JANUARY)
    dollars, _ = shop.check(OVERLAP, options={"currency": "USD"})
    assert shop.run(dollars).state is ImportState.UPLOADED
    assert "JPY" in shop.run(dollars).error_message.format(**shop.run(dollars).error_params)
    shop.take(OVERLAP, source="abroad", options={"currency": "USD"})


def test_two_checked_files_of_two_currencies_cannot_both_be_taken(shop: Shop) -> None:
    yen, _ = shop.check(JANUARY)
    dollars, _ = shop.check(OVERLAP, options={"currency": "USD"})
    for public_id in (yen, dollars):
        shop.confirm(public_id)
        tasks.run_import(shop.parts, public_id)
    assert [shop.run(one).state for one in (yen, dollars)] == [ImportState.DONE, ImportState.FAILED]
    assert amounts(shop) == {"c1": 1000, "c2": 500}
    assert not shop.store.rows_path(dollars).exists()


def test_progress_is_written_while_a_file_is_read(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "TICK", 0.0)
    seen: list[tuple[str, int, int]] = []

    def look(ticker: tasks._Ticker, done: int, total: int = 0) -> None:
        write(ticker, done, total)
        run = shop.run(ticker.public_id)
        seen.append((run.phase, run.progress_done, run.progress_total))

    write = tasks._Ticker.__call__
    monkeypatch.setattr(tasks._Ticker, "__call__", look)
    with small_pieces(150):
        shop.check(text_of(*(row(order=str(number)) for number in range(12))))
    reading = [(done, total) for phase, done, total in seen if phase == "reading"]
    assert len(reading) > 2
    assert [done for done, _ in reading] == sorted(done for done, _ in reading)
    assert reading[-1][0] == 12
    assert all(done <= total < 60 for done, total in reading)


def test_a_piece_without_any_mail_address_is_no_fault(shop: Shop) -> None:
    """The mail address is the customer's number here; the second of two pieces of the file has nobody with one."""
    headers = ("注文番号", "メールアドレス", "氏名", "注文日", "商品名", "数量", "明細金額")
    rows = [
        (str(n), f"p{n}@example.jp" if n < 6 else "", "山田", "2026-01-05", "美容液", "1", "100") for n in range(12)
    ]
    with small_pieces(300):
        report = shop.report(shop.take(text_of(*rows, headers=headers)))
    assert (report.taken, report.customers, report.rows_without_customer) == (12, 6, 6)
