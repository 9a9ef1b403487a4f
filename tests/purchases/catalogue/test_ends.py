"""What is known of subscriptions: order lines and subscription files, the newest word on each."""

from datetime import date, datetime
from functools import partial
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.purchases.catalogue import ends
from app.purchases.catalogue.subscriptions_file import ROAD

JANUARY, FEBRUARY, MARCH = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)
LINES = pa.schema([
    ("shop", pa.string()), ("source", pa.string()), ("customer_id", pa.string()), ("subscription_id", pa.string()),
    ("import_number", pa.int64()), ("subscription_cancelled_on", pa.date32()), ("cancel_reason", pa.string()),
    ("product_family", pa.string()), ("product_name", pa.string()), ("product_code", pa.string()),
    ("subscription_number", pa.int64()),
    ("ordered_at", pa.timestamp("us")),
])  # fmt: skip


def line(
    *, customer: str = "c1", sub: str = "T1", ended: date | None = JANUARY, reason: str = "高い", number: int = 1,
    times: int | None = 3, shop: str = "shop", name: str = "美容液", code: str = "",
) -> dict[str, object]:  # fmt: skip
    return {
        "shop": shop, "source": "shop", "customer_id": customer, "subscription_id": sub, "import_number": number,
        "subscription_cancelled_on": ended, "cancel_reason": reason, "product_family": "", "product_name": name, "product_code": code,
        "subscription_number": times, "ordered_at": datetime(2026, 1, 1),  # noqa: DTZ001 - the shop's wall clock
    }  # fmt: skip


def said(
    *, customer: str = "c1", sub: str = "T1", status: str = "cancelled", ended: date | None = JANUARY, number: int = 2,
    reason: str = "余っている", started: date | None = None, sent_next: date | None = None, cycle: str = "",
) -> dict[str, object]:  # fmt: skip
    return {
        "source": "shop", "import_number": number, "line": 2, "customer_id": customer, "customer_key_kind": "id",
        "subscription_id": sub, "status": status, "started_on": started, "paused_on": None, "cancelled_on": ended,
        "next_on": sent_next, "cycle": cycle, "reason": reason, "product_code": "", "product": "美容液 定期", "number": 4,
    }  # fmt: skip


@pytest.fixture
def known(tmp_path: Path):
    def read(lines: list[dict[str, object]], *files: list[dict[str, object]], people: pa.Table | None = None):
        pq.write_table(pa.Table.from_pylist(lines, schema=LINES), tmp_path / "lines.parquet")
        paths = []
        for at, rows in enumerate(files):
            paths.append(tmp_path / f"{at}.parquet")
            pq.write_table(pa.Table.from_pylist(rows, schema=ROAD.schema), paths[-1])
        backend = ibis.duckdb.connect()
        target = tmp_path / "ends.parquet"
        ends.write(backend.con, tmp_path / "lines.parquet", paths, target, merges=people)
        rows = pq.read_table(target).to_pylist()
        backend.con.execute("CREATE TABLE limits AS SELECT 'shop' AS source, 60 AS lapse_days")
        ended = ends.ended(ends.relation(target), day=f"DATE '{MARCH}'", limits="limits")
        over = dict(backend.con.execute(f"SELECT customer_id, cancelled_on FROM ({ended})").fetchall())
        backend.disconnect()
        return rows, over

    return read


def test_without_a_file_the_lines_tell(known) -> None:
    rows, over = known([line(), line(sub="", ended=FEBRUARY), line(customer="c2", ended=None)])
    assert [(row["subscription_id"], row["cancelled_on"], row["reason"], row["number"]) for row in rows] == [
        ("T1", JANUARY, "高い", 3),
        ("", FEBRUARY, "高い", 3),
    ]
    assert over == {"c1": FEBRUARY}


def test_without_a_number_each_product_has_an_end_of_its_own(known) -> None:
    rows, over = known(
        [line(sub=""), line(sub="", name="化粧水", reason=""), line(sub="", name="", code="S3", ended=FEBRUARY)]
    )
    assert {(row["product"], row["cancelled_on"], row["reason"]) for row in rows} == {
        ("美容液", JANUARY, "高い"), ("化粧水", JANUARY, ""), ("S3", FEBRUARY, "高い"),
    }  # fmt: skip
    assert over == {"c1": FEBRUARY}


def test_one_number_in_two_shops_is_two_subscriptions(known) -> None:
    rows, over = known([line(), line(shop="mall", ended=FEBRUARY)])
    assert [(row["shop"], row["cancelled_on"]) for row in rows] == [("shop", JANUARY), ("mall", FEBRUARY)]
    assert over == {"c1": FEBRUARY}


def test_nothing_known_is_an_empty_file(known) -> None:
    assert known([line(ended=None)]) == ([], {})


def test_one_subscription_in_both_is_one(known) -> None:
    rows, over = known([line(number=1)], [said(number=2)])
    assert [(row["cancelled_on"], row["reason"], row["product"], row["number"]) for row in rows] == [
        (JANUARY, "余っている", "美容液 定期", 4)
    ]
    assert over == {"c1": JANUARY}


@pytest.mark.parametrize("number", [1, 3])
def test_the_word_with_the_newer_day_wins_whichever_came_in_first(known, number: int) -> None:
    running = partial(said, status="active", ended=None, reason="")
    rows, over = known([line(number=number)], [running(started=FEBRUARY)])
    assert (rows[0]["status"], rows[0]["cancelled_on"], over) == ("active", None, {})
    rows, over = known([line(number=number, ended=FEBRUARY)], [running(started=JANUARY)])
    assert (rows[0]["status"], rows[0]["reason"], over) == ("cancelled", "高い", {"c1": FEBRUARY})
    rows, over = known([line(number=number, ended=FEBRUARY)], [said(ended=JANUARY)])
    assert (rows[0]["reason"], over) == ("高い", {"c1": FEBRUARY})
    rows, over = known([line(number=number)], [said(ended=FEBRUARY)])
    assert (rows[0]["reason"], over) == ("余っている", {"c1": FEBRUARY})
    rows, over = known([line(number=number)], [said(ended=None)])
    assert (rows[0]["reason"], over) == ("高い", {"c1": JANUARY})


@pytest.mark.parametrize("cycle", ["30日ごと", "1ヶ月ごと", "毎月20日", "2週間ごと", "隔週", "30", "every 4 weeks"])
def test_a_running_subscription_was_known_at_the_delivery_before_the_next(known, cycle: str) -> None:
    plan = said(status="active", ended=None, reason="", sent_next=date(2026, 2, 20), cycle=cycle)
    assert known([line()], [plan])[0][0]["status"] == "active"


@pytest.mark.parametrize("cycle", ["2か月ごと", "60日ごと", "隔月", "まとめて", ""])
def test_a_plan_made_before_the_end_says_nothing_of_it(known, cycle: str) -> None:
    plan = said(status="active", ended=None, reason="", sent_next=date(2026, 2, 20), cycle=cycle)
    assert known([line()], [plan])[0][0]["status"] == "cancelled"


def test_of_two_order_files_the_later_end_counts_and_of_two_subscription_files_the_last_one(known) -> None:
    rows, over = known([line(number=5), line(number=1, ended=FEBRUARY, reason="飽きた")])
    assert ([row["reason"] for row in rows], over) == (["飽きた"], {"c1": FEBRUARY})
    rows, over = known([], [said(ended=FEBRUARY, number=2)], [said(ended=JANUARY, number=5)])
    assert (len(rows), over) == (1, {"c1": JANUARY})


def test_a_line_without_number_is_no_second_cancel_of_the_same_day(known) -> None:
    rows, _ = known([line(sub="")], [said(sub="T9")])
    assert [row["subscription_id"] for row in rows] == ["T9"]


def test_who_has_another_subscription_that_runs_has_not_left(known) -> None:
    running = said(sub="T2", status="active", ended=None, reason="")
    assert known([line()], [running])[1] == {}
    paused = said(sub="T2", status="paused", ended=None, reason="出張")
    assert known([line()], [paused])[1] == {}
    later = said(sub="T2", status="active", ended=None, reason="", started=date(2026, 4, 1))
    assert known([line()], [later])[1] == {"c1": JANUARY}
    other = said(sub="T2", customer="c2", status="active", ended=None, reason="")
    assert known([line()], [other])[1] == {"c1": JANUARY}


def test_a_cancel_after_the_day_does_not_count_yet(known) -> None:
    assert known([], [said(ended=date(2026, 3, 11))])[1] == {}


def test_customers_go_by_their_merged_key(known) -> None:
    people = pa.table({
        "source": ["shop"], "customer_id": ["old"], "to_source": ["shop"], "to_customer_id": ["c1"],
    })  # fmt: skip
    rows, over = known([line()], [said(customer="old")], people=people)
    assert ([row["customer_id"] for row in rows], over) == (["c1"], {"c1": JANUARY})
