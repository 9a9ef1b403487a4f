"""Order lines of all imports as one: the newest row of a key wins, merges and products apply, returns find their order."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.purchases.classes import Segments
from app.purchases.figures import build, list_file, list_write, returns, tables
from app.purchases.figures.lines import LinesInput, lines
from app.purchases.figures.stored import stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ibis.backends.duckdb import Backend

MONEY = pa.decimal128(18, 4)
SCHEMA = pa.schema(
    [
        ("source", pa.string()), ("import_number", pa.int64()), ("line", pa.int64()), ("order_id", pa.string()),
        ("line_id", pa.string()), ("customer_id", pa.string()), ("ordered_at", pa.timestamp("us")),
        ("ordered_on", pa.date32()), ("product_code", pa.string()), ("product_name", pa.string()), ("kind", pa.string()),
        ("status", pa.string()), ("line_type", pa.string()), ("effect", pa.string()), ("quantity", pa.int64()),
        ("amount", MONEY), ("currency", pa.string()), ("sales_channel", pa.string()), ("subscription_id", pa.string()),
        ("subscription_number", pa.int32()), ("subscription_cancelled_on", pa.date32()),
    ]
)  # fmt: skip
ENDS = pa.schema(
    [
        ("source", pa.string()), ("customer_id", pa.string()), ("status", pa.string()), ("started_on", pa.date32()),
        ("cancelled_on", pa.date32()), ("reason", pa.string()),
        ("delivered", pa.list_(pa.struct([("day", pa.date32()), ("product", pa.string()), ("number", pa.int64())]))),
    ]
)  # fmt: skip
DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - the shop's wall clock
Row = dict[str, Any]


def row(
    order: str = "1", *, line: int = 2, customer: str = "c1", day: int = 0, code: str = "A", pieces: int = 1,
    price: int = 100, number: int = 1, source: str = "shop", line_id: str = "", kind: str = "single",
    effect: str = "sale", status: str = "valid",
) -> Row:  # fmt: skip
    moment = DAY + timedelta(days=day)
    sign = -1 if effect == "counter" else 1
    return {
        "source": source, "import_number": number, "line": line, "order_id": order, "line_id": line_id,
        "customer_id": customer, "ordered_at": moment, "ordered_on": moment.date(), "product_code": code,
        "product_name": f"商品{code}", "kind": kind, "status": status, "line_type": "goods", "effect": effect,
        "quantity": sign * pieces, "amount": Decimal(sign * pieces * price), "currency": "JPY", "sales_channel": "",
        "subscription_id": "", "subscription_number": None, "subscription_cancelled_on": None,
    }  # fmt: skip


@pytest.fixture
def backend() -> "Iterator[Backend]":
    made = ibis.duckdb.connect(threads=2, preserve_insertion_order=False)
    yield made
    made.disconnect()


def saved(folder: Path, *imports: list[Row]) -> list[Path]:
    paths = []
    for number, rows in enumerate(imports, start=1):
        path = folder / f"rows-{number}.parquet"
        pq.write_table(pa.Table.from_pylist([one | {"import_number": number} for one in rows], schema=SCHEMA), path)
        paths.append(path)
    return paths


def listed(backend: "Backend", inputs: LinesInput) -> list[Row]:
    found: list[Row] = lines(backend, inputs).order_by("import_number", "line").to_pyarrow().to_pylist()
    return found


def test_a_row_that_comes_again_counts_once_and_its_newest_status_stands(backend: "Backend", tmp_path: Path) -> None:
    first = [row("1"), row("1", line=3, code="B"), row("2", line=4)]
    later = [row("1", status="cancelled", effect="none"), row("3", line=3)]
    found = listed(backend, LinesInput(saved(tmp_path, first, later)))
    assert [(one["import_number"], one["line"], one["status"]) for one in found] == [
        (1, 3, "valid"), (1, 4, "valid"), (2, 2, "cancelled"), (2, 3, "valid"),
    ]  # fmt: skip


def test_a_line_number_is_the_key_where_there_is_one(backend: "Backend", tmp_path: Path) -> None:
    first = [row("1", line_id="10"), row("1", line=3, line_id="11")]
    later = [row("1", line_id="10", price=999)]
    found = listed(backend, LinesInput(saved(tmp_path, first, later)))
    assert [(one["import_number"], one["amount"]) for one in found] == [(1, 100), (2, 999)]


def test_rows_of_two_sources_never_replace_each_other(backend: "Backend", tmp_path: Path) -> None:
    found = listed(backend, LinesInput(saved(tmp_path, [row("1")], [row("1", source="mall")])))
    assert [one["source"] for one in found] == ["shop", "mall"]


def test_equal_rows_of_a_file_stay_and_held_rows_go(backend: "Backend", tmp_path: Path) -> None:
    paths = saved(tmp_path, [row("1"), row("1", line=3), row("2", line=4)], [row("1"), row("1", line=3)])
    fixes = tmp_path / "fixes.parquet"
    pq.write_table(
        pa.table(
            {
                "import_number": pa.array([1, 1, 2], pa.int64()),
                "line": pa.array([3, 4, 3], pa.int64()),
                "held_code": pa.array([None, "repeat", None], pa.string()),
                "nth": pa.array([2, None, 2], pa.int32()),
            }
        ),
        fixes,
    )
    found = listed(backend, LinesInput(paths, [fixes]))
    assert [(one["import_number"], one["line"], one["nth"]) for one in found] == [(2, 2, 1), (2, 3, 2)]


def test_a_row_without_an_order_number_has_the_same_name_in_every_import(backend: "Backend", tmp_path: Path) -> None:
    once = listed(backend, LinesInput(saved(tmp_path, [row("", line=2), row("", line=3, day=1)])))
    again = listed(backend, LinesInput(saved(tmp_path, [row("", line=7, day=1)])))
    assert len({one["order_ref"] for one in once}) == 2
    assert again[0]["order_ref"] == once[1]["order_ref"]
    assert once[0]["order_ref"].startswith("row-")


def test_merged_customers_keep_the_shop_of_their_orders(backend: "Backend", tmp_path: Path) -> None:
    merges = pa.table({"source": ["mall"], "customer_id": ["m1"], "to_source": ["shop"], "to_customer_id": ["c1"]})
    paths = saved(tmp_path, [row("1"), row("1", line=3, source="mall", customer="m1")])
    found = listed(backend, LinesInput(paths, merges=merges))
    assert [(one["source"], one["customer_id"], one["shop"]) for one in found] == [
        ("shop", "c1", "shop"), ("shop", "c1", "mall"),
    ]  # fmt: skip
    made = ibis.duckdb.connect(threads=1)
    assert figures_of(made, LinesInput(paths, merges=merges))[0]["orders"] == 2  # one number, two shops: two orders


def test_products_give_family_and_kind_but_a_subscription_stays_one(backend: "Backend", tmp_path: Path) -> None:
    products = pa.table(
        {
            "source": ["shop", "shop"], "product_code": ["A", ""], "product_name": ["", "商品"], "family": ["f1", "f2"],
            "kind": ["trial", ""],
        }
    )  # fmt: skip
    rows = [row("1"), row("2", line=3) | {"subscription_number": 2, "kind": "subscription"}, row("3", line=4, code="B"),
            row("4", line=5) | {"product_code": "", "product_name": "商品"}]  # fmt: skip
    found = listed(backend, LinesInput(saved(tmp_path, rows), products=products))
    assert [(one["kind"], one["product_family"]) for one in found] == [
        ("trial", "f1"), ("subscription", "f1"), ("single", ""), ("single", "f2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sales", "back", "order"),
    [
        ([row("9")], row("C9", line=9, effect="counter", day=5), "9"),
        ([row("9", customer="c2")], row("C9", line=9, effect="counter", day=5), "C9"),
        ([row("1"), row("2", line=3, day=2)], row("R", line=9, effect="counter", day=5), "2"),
        ([row("1"), row("2", line=3, day=7)], row("R", line=9, effect="counter", day=5), "1"),
        ([row("1", pieces=2), row("2", line=3, day=2)], row("R", line=9, effect="counter", day=5, pieces=2), "1"),
        ([row("1"), row("2", line=3, day=2, code="B")], row("R", line=9, effect="counter", day=5), "1"),
        ([row("1", code="B")], row("R", line=9, effect="counter", day=5), "R"),
        ([row("1", customer="")], row("R", line=9, effect="counter", day=5, customer=""), "R"),
        ([row("1"), row("2", line=3, day=2)], row("1", line=9, effect="counter", day=5), "1"),
    ],
)
def test_a_return_takes_from_the_order_it_names_or_the_newest_that_holds_it(
    backend: "Backend", tmp_path: Path, sales: list[Row], back: Row, order: str
) -> None:
    found = lines(backend, LinesInput(saved(tmp_path, [*sales, back])))
    refs = {one["line"]: one["order_ref"] for one in found.to_pyarrow().to_pylist()}
    assert refs[9] == order
    assert returns.count_matched(backend, found, 1) == ((0, 1) if order in {"R", "C9"} else (1, 0))


@pytest.mark.parametrize(("sold", "customer"), [("C9", "c1"), ("C9", ""), ("9", "c1")])
def test_a_return_under_its_orders_own_number_is_matched_though_the_number_begins_with_c(
    backend: "Backend", tmp_path: Path, sold: str, customer: str
) -> None:
    rows = [row(sold, customer=customer, code="B"), row("C9", line=9, customer=customer, effect="counter", day=5)]
    found = lines(backend, LinesInput(saved(tmp_path, rows)))
    assert {one["line"]: one["order_ref"] for one in found.to_pyarrow().to_pylist()}[9] == sold
    assert returns.count_matched(backend, found, 1) == (1, 0)


def test_two_returns_never_take_the_same_piece(backend: "Backend", tmp_path: Path) -> None:
    rows = [
        row("1"),
        row("2", line=3, day=2),
        *(row(f"R{n}", line=10 + n, effect="counter", day=5 + n) for n in range(3)),
    ]
    found = listed(backend, LinesInput(saved(tmp_path, rows)))
    assert [one["order_ref"] for one in found if one["effect"] == "counter"] == ["2", "1", "R2"]


def computed(backend: "Backend", inputs: LinesInput) -> build.Figures:
    ends = stored(backend, ENDS.empty_table())
    found = build.compute(backend, lines(backend, inputs), ends, as_of=None, segments=Segments())
    assert found is not None
    return found


def test_the_written_summary_is_what_is_kept_in_memory(backend: "Backend", tmp_path: Path) -> None:
    """Steps are prepared once for all builds: another day, and types of columns, have to come through."""
    rows = [row(f"o{n}", line=n + 2, customer=f"c{n % 5}", day=n, price=100 * n) for n in range(9)]
    found = lines(backend, LinesInput(saved(tmp_path, rows)))
    ends, target = stored(backend, ENDS.empty_table()), tmp_path / "summary.parquet"
    for day in (None, (DAY + timedelta(days=6)).date(), (DAY + timedelta(days=400)).date()):
        kept = build.compute(backend, found, ends, as_of=day, segments=Segments())
        assert kept is not None
        expected = kept.customers.order_by("customer_id").to_pyarrow()
        assert build.compute(backend, found, ends, as_of=day, segments=Segments(), summary=target) is not None
        written = pq.read_table(target).sort_by("customer_id")
        assert written.to_pylist() == expected.to_pylist()
        assert written.schema.types == expected.schema.types


def figures_of(backend: "Backend", inputs: LinesInput) -> list[Row]:
    rows: list[Row] = computed(backend, inputs).customers.order_by("source", "customer_id").to_pyarrow().to_pylist()
    return rows


def test_an_order_goes_by_its_paid_line_of_the_strongest_kind_then_the_dearest(
    backend: "Backend", tmp_path: Path
) -> None:
    rows = [
        row("1", code="Z", price=0, kind="subscription"), row("1", line=3, code="A", price=0),
        row("2", line=4, customer="c2", code="A", price=980, kind="trial"),
        row("2", line=5, customer="c2", code="B", price=300, kind="subscription"),
        row("3", line=6, customer="c3", code="B", price=5), row("3", line=7, customer="c3", code="A", price=5),
        row("3", line=8, customer="c3", code="0", price=0, kind="subscription"),
        row("4", line=9, customer="c4", code="B", price=123_456_789_012), row("4", line=10, customer="c4", code="A", price=1),
    ]  # fmt: skip
    found = figures_of(backend, LinesInput(saved(tmp_path, rows)))
    assert [(one["first_kind"], one["first_product"]) for one in found] == [
        ("subscription", "商品Z"), ("subscription", "商品B"), ("single", "商品A"), ("single", "商品B"),
    ]  # fmt: skip


def test_figures_are_the_same_whatever_the_threads_and_the_order_of_rows(tmp_path: Path) -> None:
    rows = [
        row(f"o{n % 400}", line=n + 2, customer=f"c{n % 37}", day=n * 7 % 11, code="ABC"[n % 3], price=100 * (n % 2),
            kind=("single", "trial", "subscription")[n * 5 % 3])
        for n in range(6_000)
    ]  # fmt: skip
    found = []
    for threads, order in ((1, 1), (2, 1), (2, -1)):
        made = ibis.duckdb.connect(threads=threads, preserve_insertion_order=False)
        found.append(figures_of(made, LinesInput(saved(tmp_path, rows[::order]))))
        made.disconnect()
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 37


def test_customers_nobody_knows_are_orders_without_a_customer(backend: "Backend", tmp_path: Path) -> None:
    paths = saved(tmp_path, [row("1"), row("2", line=3, customer="", day=3), row("3", line=4, customer="", day=4)])
    found = computed(backend, LinesInput(paths))
    assert [one["customer_id"] for one in found.customers.to_pyarrow().to_pylist()] == ["c1"]
    assert found.as_of == (DAY + timedelta(days=4)).date()
    shown = tables.overview(found, as_of_is_set=False)
    assert (shown.customers, shown.orders, shown.amount) == (1, 1, {"JPY": 100})
    assert (shown.unknown_orders, shown.unknown_amount) == (2, {"JPY": 200})
    assert shown.months == ((DAY.date(), 3, {"JPY": 300}),)


def test_a_shop_of_unknown_customers_only_has_figures(backend: "Backend", tmp_path: Path) -> None:
    found = computed(backend, LinesInput(saved(tmp_path, [row("1", customer="")])))
    shown = tables.overview(found, as_of_is_set=False)
    assert (shown.customers, shown.orders, shown.unknown_orders) == (0, 0, 1)
    assert all(not cell.people for cell in tables.count_elapsed(found).cells)
    target = tmp_path / "list.sqlite3"
    list_write.write(target, backend.con, found, shown, tables.count_elapsed(found), key=b"k")
    with closing(sqlite3.connect(target)) as connection:
        assert list_file.of_class(connection, None) == []
