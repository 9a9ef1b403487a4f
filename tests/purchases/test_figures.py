"""The customer summary against plain Python, on random shops and on the real files."""

import csv
import gzip
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app.core.database import read_session
from app.core.settings import Settings
from app.purchases import queries
from tests.purchases import oracle
from tests.purchases.build import HEADERS, Shop, reference, row, text_of

FIELDS = (
    "orders", "purchase_days", "items", "amount", "first_order_on", "last_order_on", "days_since_last", "mean_gap_days",
    "r", "f", "m", "decile", "purchase_type", "customer_class",
)  # fmt: skip
START = date(2024, 1, 1)
LINES = st.lists(
    st.tuples(
        st.integers(0, 25),  # order
        st.integers(0, 4),  # quantity
        st.integers(0, 5000),  # price
        st.sampled_from(["sold", "sold", "sold", "cancelled", "returned", "lost customer", "bad date", "bad price"]),
    ),
    min_size=1,
    max_size=60,
)


def figures(shop: Shop, as_of: date | None = None) -> dict[str, dict[str, object]]:
    with read_session(shop.parts.engine) as session:
        people = queries.summaries(session, shop.store, as_of=as_of)
    return {person.customer_id: {name: getattr(person, name) for name in FIELDS} for person in people}


def as_written(lines: list[tuple[int, int, int, str]]) -> tuple[list[tuple[str, ...]], list[oracle.Line]]:
    """Return csv rows, and what they mean; the order's number decides customer and day."""
    rows, meant = [], []
    for number, quantity, price, fate in lines:
        order, customer = f"o{number}", f"c{number % 7}"
        day = START + timedelta(days=number * 37 % 400)
        back = fate == "returned"
        pieces = -max(quantity, 1) if back else quantity
        rows.append(
            row(
                order=order,
                customer="" if fate == "lost customer" else customer,
                day="0000-00-00" if fate == "bad date" else day.strftime("%Y/%m/%d"),
                quantity=pieces,
                price="" if fate == "bad price" else f"¥{price:,}",
                status={"cancelled": "キャンセル", "returned": "返品"}.get(fate, "発送済み"),
            )
        )
        if fate in {"sold", "cancelled", "returned", "lost customer"}:
            nobody = fate == "lost customer"
            back_or_void = fate in {"cancelled", "returned"}
            known = "" if nobody else customer
            meant.append(oracle.Line(order, known, day, pieces, Decimal(pieces * price), cancelled=back_or_void))
    return rows, meant


@rules(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lines=LINES)
def test_random_shops_give_the_figures_of_plain_python(
    new_shop: Callable[[], Shop], lines: list[tuple[int, int, int, str]]
) -> None:  # fmt: skip
    shop = new_shop()
    rows, meant = as_written(lines)
    public_id, held = shop.check(text_of(*rows))
    if not meant:
        assert "Every row was held back" in shop.run(public_id).error_message
        return
    report = shop.report(public_id)
    assert report.rows_read == len(rows) == report.taken + report.known + len(held)
    assert report.amount["JPY"] == sum(line.amount for line in meant if not line.cancelled or line.quantity < 0)
    shop.take(text_of(*rows))
    assert figures(shop) == oracle.summary(meant)


def test_cdnow_gives_the_figures_of_plain_python(shop: Shop, settings: Settings) -> None:
    path = reference(settings, "cdnow", "cdnow_master.csv")
    if path is None:
        pytest.skip("N1_REFERENCE_DATA is not set: the full CDNOW file is not here")
    report = shop.report(shop.take(path.read_bytes(), options={"currency": "USD"}))
    assert (report.customers, report.orders, report.amount) == (23_570, 69_659, {"USD": Decimal("2500315.63")})
    assert report.exact_repeats == 255
    with path.open(encoding="ascii") as file:
        lines = [
            oracle.Line(str(n), item["id"], datetime.strptime(item["date"], "%Y%m%d").date(), int(item["qty"]), Decimal(item["amt"]))  # noqa: DTZ007 - a day
            for n, item in enumerate(csv.DictReader(file))
        ]  # fmt: skip
    assert figures(shop) == oracle.summary(lines)
    assert figures(shop, date(1997, 12, 31)) == oracle.summary(lines, date(1997, 12, 31))


def test_online_retail_gives_its_known_counts(shop: Shop, settings: Settings) -> None:
    path = reference(settings, "online_retail", "online_retail.csv.gz")
    if path is None:
        pytest.skip("N1_REFERENCE_DATA is not set: the full Online Retail file is not here")
    public_id, held = shop.check(path.read_bytes(), options={"currency": "GBP"})
    report = shop.report(public_id)
    assert (report.rows_read, report.customers, report.rows_without_customer) == (541_909, 4_372, 135_080)
    assert (report.cancel_rows, report.exact_repeats, report.product_codes) == (9_288, 5_268, 4_070)
    assert report.order_ids == 25_900
    assert report.rows_read == report.taken + report.known + len(held)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    whole = sum((Decimal(item["Quantity"]) * Decimal(item["UnitPrice"]) for item in rows), Decimal(0))
    told = (report.amount, report.fee_amount, report.void_amount, report.held_back_amount)
    assert sum((money.get("GBP", Decimal(0)) for money in told), Decimal(0)) == whole


def test_another_day_counts_only_what_was_known_then(shop: Shop) -> None:
    shop.take(
        text_of(
            row(order="1", day="2026-01-01"),
            row(order="2", day="2026-03-01"),
            row(order="3", customer="c2", day="2026-03-02"),
        )
    )
    then = figures(shop, date(2026, 2, 1))
    assert set(then) == {"c1"}
    assert (then["c1"]["orders"], then["c1"]["days_since_last"]) == (1, 31)


def test_subscription_cancel_ends_a_customer_at_its_number(shop: Shop) -> None:
    headers = (*HEADERS, "定期回数", "定期ステータス", "キャンセル日", "キャンセル理由")
    rows = [
        (*row(order="1", day="2026-01-01", name="お試しセット"), "", "", "", ""),
        (*row(order="2", day="2026-02-01", name="【定期便】美容液"), "1", "有効", "", ""),
        (*row(order="3", day="2026-03-01", name="【定期便】美容液"), "2", "キャンセル", "2026-03-20", "余っている"),
        (*row(order="4", customer="c2", day="2026-03-25"), "", "", "", ""),
    ]
    shop.take(text_of(*rows, headers=headers))
    person = shop.people()["c1"]
    assert person.customer_class.value == "churned"
    assert person.first_kind == "trial"
    stop = person.stop_point
    assert stop is not None
    assert (stop.number, stop.kind, stop.ending, stop.product) == (2, "subscription", "cancelled", "【定期便】美容液")
    with read_session(shop.parts.engine) as session:
        line = queries.timeline(session, shop.store, source="shop", customer_id="c1")
    assert [(order.number, order.lines[0].kind, order.subscription_number) for order in line.orders] == [
        (1, "trial", None), (2, "subscription", 1), (3, "subscription", 2),
    ]  # fmt: skip
    assert [(event.happened_on, event.reason) for event in line.events] == [(date(2026, 3, 20), "余っている")]


def test_came_back_is_measured_on_the_shops_own_past(shop: Shop) -> None:
    rows = [row(order="old", customer="first", day="2025-06-01")]
    for n in range(10):  # ten people ordered once shortly before the cut-off; four of them came back
        rows.append(row(order=f"a{n}", customer=f"p{n}", day="2026-03-20"))
        if n < 4:
            rows.append(row(order=f"b{n}", customer=f"p{n}", day="2026-05-01"))
    rows.append(row(order="new", customer="last", day="2026-06-30"))
    shop.take(text_of(*rows))
    with read_session(shop.parts.engine) as session:
        table = queries.count_elapsed(session, shop.store)
    assert table is not None
    assert (table.cutoff, table.measured) == (date(2026, 4, 1), True)
    cell = table.cell("1", "30")
    assert (cell.people, cell.measured_people, cell.returned_share) == (1, 10, 0.4)
    assert table.cell("3", "30").returned_share is None
    assert sum(cell.people for cell in table.cells) == 12


def test_a_short_history_is_not_measured(shop: Shop) -> None:
    shop.take(text_of(row(order="1", day="2026-01-01"), row(order="2", day="2026-06-01")))
    with read_session(shop.parts.engine) as session:
        table = queries.count_elapsed(session, shop.store)
    assert table is not None
    assert not table.measured
    assert all(cell.returned_share is None for cell in table.cells)
