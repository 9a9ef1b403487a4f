"""What files of subscriptions say, and figures as of an earlier day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases import operations
from app.purchases.builds import build_of
from app.purchases.identity.merges import Key
from app.purchases.schemas import StopPoint
from app.purchases.stopping import queries
from app.purchases.tasks import run_rebuild
from tests.purchases.build import NOW, Shop
from tests.purchases.catalogue.build import SUBSCRIPTIONS, take
from tests.purchases.identity.shops import merge
from tests.purchases.stopping import oracle
from tests.purchases.stopping.made_shop import COLUMNS, MadeShop, Order, made

HEADER = "顧客番号,定期受注番号,定期ステータス,停止日,キャンセル日,キャンセル理由\n"


def monthly(customer: str, times: int, begins: date) -> list[Order]:
    """Return the deliveries of a subscription, one in thirty days."""
    return [
        Order(f"{customer}-{nth}", customer, begins + timedelta(days=30 * nth), "S", "subscription", 1, f"T-{customer}", nth + 1)
        for nth in range(times)
    ]  # fmt: skip


def states(shop: Shop) -> dict[str, tuple[int, str]]:
    with read_session(shop.parts.engine) as session:
        build = build_of(session, shop.store)
    assert build is not None
    with shop.store.duckdb() as backend:
        queries.make_subscriptions(backend.con, shop.store, build.version)
        rows = backend.con.execute("SELECT customer_id, deliveries, state FROM subscriptions").fetchall()
    return {customer: (deliveries, state) for customer, deliveries, state in rows}


def test_a_file_of_subscriptions_says_what_orders_do_not(shop: Shop) -> None:
    old = date(2025, 1, 10)
    orders = [one for who in ("runs", "rests", "left", "silent") for one in monthly(who, 3, old)]
    shop.take(MadeShop([*orders, *monthly("new", 2, date(2026, 1, 10))]).csv(), columns=COLUMNS)
    assert states(shop) == {
        "runs": (3, "silent"), "rests": (3, "silent"), "left": (3, "silent"), "silent": (3, "silent"), "new": (2, "running"),
    }  # fmt: skip
    said = "runs,T-runs,有効,,,\nrests,T-rests,停止,2025/04/01,,\nleft,T-left,キャンセル,,2025/03/25,高い\n"
    take(shop, SUBSCRIPTIONS, HEADER + said)
    assert states(shop) == {
        "runs": (3, "running"), "rests": (3, "running"), "left": (3, "cancelled"), "silent": (3, "silent"), "new": (2, "running"),
    }  # fmt: skip
    with read_session(shop.parts.engine) as session:
        found = queries.stop_points(session, shop.store)
    assert found is not None
    (cancelled,) = [row for row in found.rows if row.ending == "cancelled"]
    assert [(one.reason, one.people) for one in cancelled.reasons] == [("高い", 1)]
    assert (cancelled.nth, cancelled.usual_days, cancelled.reached) == (3, 14, 4)


@pytest.mark.parametrize("named", [True, False])
def test_two_products_without_a_number_cancelled_on_one_day_both_ended(shop: Shop, named: bool) -> None:
    both = [
        Order(f"{product}-{nth}", "c", date(2025, 1, 10 + place) + timedelta(days=30 * nth), product, "subscription", 1, "", nth + 1)
        for nth in range(3) for place, product in enumerate(("SA", "SB"))
    ]  # fmt: skip
    for one in both[-2:]:
        one.ended, one.reason = date(2025, 3, 20), "余っている"
    columns = {name: header for name, header in COLUMNS.items() if named or name != "product_name"}
    shop.take(MadeShop([*both, *monthly("d", 12, date(2025, 1, 10))]).csv(), columns=columns)
    with read_session(shop.parts.engine) as session:
        found = queries.survival(session, shop.store)
    assert found is not None
    words = ("商品SA", "商品SB") if named else ("SA", "SB")
    assert {one.product: (one.ended, one.silent) for one in found.rows if one.product in words} == dict.fromkeys(
        words, (1, 0)
    )


def test_the_number_of_one_shop_says_nothing_of_that_of_another(shop: Shop) -> None:
    orders = monthly("c", 3, date(2025, 1, 10))
    elsewhere = [
        replace(one, number=f"m-{one.number}", customer="m", day=one.day + timedelta(days=1)) for one in orders
    ]
    elsewhere[-1].ended = date(2025, 3, 20)
    shop.take(MadeShop([*orders, *monthly("d", 12, date(2025, 1, 10))]).csv(), columns=COLUMNS)
    shop.take(MadeShop(elsewhere).csv(), columns=COLUMNS, source="mall")
    merge(shop, Key("shop", "c"), Key("mall", "m"), keep="one")
    with read_session(shop.parts.engine) as session:
        build = build_of(session, shop.store)
    assert build is not None
    with shop.store.duckdb() as backend:
        queries.make_subscriptions(backend.con, shop.store, build.version)
        rows = backend.con.execute("SELECT state FROM subscriptions WHERE customer_id = 'c'").fetchall()
    assert sorted(rows) == [("cancelled",), ("silent",)]


def test_days_of_which_no_order_is_known_are_not_silence(shop: Shop) -> None:
    orders = monthly("c", 12, date(2025, 1, 10))
    shop.take(MadeShop(orders).csv(), columns=COLUMNS)
    with write_session(shop.parts.engine) as session:
        operations.purchase_settings(session).as_of_override = orders[-1].day + timedelta(days=300)
    run_rebuild(shop.parts)
    assert states(shop) == {"c": (12, "running")}


def test_who_buys_beside_before_cancelling_stopped_with_the_subscription(shop: Shop) -> None:
    delivered = monthly("c", 3, date(2025, 1, 10))
    delivered[-1].ended, delivered[-1].reason = date(2025, 4, 1), "余っている"
    beside = Order("b", "c", date(2025, 3, 20), "B", "single")
    later = [replace(one, customer="l", number=f"l-{one.number}", subscription="T-l") for one in delivered]
    after = Order("a", "l", date(2025, 4, 10), "B", "single")
    shop.take(
        MadeShop([*delivered, beside, *later, after, *monthly("d", 12, date(2025, 1, 10))]).csv(), columns=COLUMNS
    )
    points = {name: one.stop_point for name, one in shop.people().items()}
    assert points["c"] == StopPoint(3, "商品S", "subscription", "cancelled")
    assert points["l"] == StopPoint(1, "商品B", "single", "stopped")
    with read_session(shop.parts.engine) as session:
        found = queries.stop_points(session, shop.store)
    assert found is not None
    (cancelled,) = [row for row in found.rows if row.ending == "cancelled"]
    assert ([(one.reason, one.people) for one in cancelled.reasons], cancelled.usual_days) == ([("余っている", 1)], 21)
    assert (cancelled.people, cancelled.reached, cancelled.waiting, cancelled.known) == (1, 3, 0, 3)


def test_a_long_rhythm_is_not_silence(shop: Shop) -> None:
    quarterly = [
        Order(f"q-{nth}", "q", date(2025, 1, 10) + timedelta(days=90 * nth), "S", "subscription", 1, "T-q", nth + 1)
        for nth in range(3)
    ]
    others = [one for who in "abcdefghijkl" for one in monthly(who, 12, date(2025, 1, 10))]
    shop.take(MadeShop([*quarterly, *others]).csv(), columns=COLUMNS)
    with read_session(shop.parts.engine) as session:
        found = queries.survival(session, shop.store)
    assert found is not None
    assert found.limits[0].lapse_days == 60
    assert (found.as_of - quarterly[-1].day).days == 150
    assert states(shop)["q"] == (3, "running")


@pytest.mark.parametrize("back", [120, 300])
def test_as_of_an_earlier_day_later_orders_and_cancels_are_not_known(shop: Shop, back: int) -> None:
    every = made(6).orders
    shop.take(made(6).csv(), columns=COLUMNS)
    day = max(one.day for one in every) - timedelta(days=back)
    with write_session(shop.parts.engine) as session:
        operations.set_as_of(session, day=day, actor=COMMAND_LINE, now=NOW)
    run_rebuild(shop.parts)
    with read_session(shop.parts.engine) as session:
        points = queries.stop_points(session, shop.store)
    assert points is not None
    assert points.as_of == day
    expected = oracle.stop_points([one for one in every if one.day <= day], as_of=day)
    assert {(row.nth, row.product, row.kind, row.ending): (row.people, row.reached, row.usual_days) for row in points.rows} == {
        point: (found["people"], found["reached"], found["usual_days"]) for point, found in expected.items()
    }  # fmt: skip
