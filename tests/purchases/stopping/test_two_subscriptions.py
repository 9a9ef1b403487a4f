"""People with two subscriptions at once: which one ended, and whether the other still runs."""

from datetime import date, timedelta

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases import operations
from app.purchases.movement import queries as movement
from app.purchases.schemas import StopPoint
from app.purchases.stopping import queries
from app.purchases.tasks import run_rebuild
from tests.purchases.build import NOW, Shop
from tests.purchases.catalogue.build import SUBSCRIPTIONS, take
from tests.purchases.stopping.made_shop import COLUMNS, MadeShop, Order

BEGINS = date(2026, 1, 1)
SERUM, LOTION = "商品美容液", "商品化粧水"


def deliveries(product: str, days: list[int], *, number: str = "", counted: bool = False) -> list[Order]:
    return [
        Order(f"{product}-{day}", "c", BEGINS + timedelta(days=day), product, "subscription", 1, number, nth if counted else None)
        for nth, day in enumerate(days, 1)
    ]  # fmt: skip


def end(orders: list[Order], day: int, reason: str) -> list[Order]:
    orders[-1].ended, orders[-1].reason = BEGINS + timedelta(days=day), reason
    return orders


def takes(shop: Shop, *orders: Order, until: int) -> None:
    """Take the orders in; somebody else's order is the newest."""
    newest = Order("z", "z", BEGINS + timedelta(days=until), "T", "trial")
    shop.take(MadeShop([*orders, newest]).csv(), columns=COLUMNS)


def said(shop: Shop) -> tuple[str, StopPoint | None]:
    person = shop.people()["c"]
    return person.customer_class.value, person.stop_point


def reasons(shop: Shop) -> list[tuple[int, str, int, int | None, list[str]]]:
    with read_session(shop.parts.engine) as session:
        found = queries.stop_points(session, shop.store)
    assert found is not None
    return [
        (row.nth, row.product, row.reached, row.usual_days, [one.reason for one in row.reasons])
        for row in found.rows
        if row.ending == "cancelled"
    ]


@pytest.mark.parametrize(("numbers", "counted"), [(("S1", "S2"), True), (("S1", "S2"), False), (("", ""), True)])
def test_the_stop_point_is_that_of_the_subscription_cancelled_last(
    shop: Shop, numbers: tuple[str, str], counted: bool
) -> None:
    serum = end(deliveries("美容液", [0, 30, 60], number=numbers[0], counted=counted), 80, "余っている")
    lotion = end(deliveries("化粧水", [70], number=numbers[1], counted=counted), 72, "肌に合わない")
    takes(shop, *serum, *lotion, until=90)
    assert said(shop) == ("churned", StopPoint(3, SERUM, "subscription", "cancelled"))
    assert reasons(shop) == [(3, SERUM, 1, 20, ["余っている"])]


def test_of_two_cancelled_on_one_day_the_one_delivered_last_counts(shop: Shop) -> None:
    serum = end(deliveries("美容液", [0, 30, 60], number="S1"), 80, "余っている")
    lotion = end(deliveries("化粧水", [70], number="S2"), 80, "")
    takes(shop, *serum, *lotion, until=90)
    assert said(shop) == ("churned", StopPoint(1, LOTION, "subscription", "cancelled"))
    assert reasons(shop) == [(1, LOTION, 1, 10, [])]


def test_two_subscriptions_in_one_order_are_counted_each(shop: Shop) -> None:
    serum = end(deliveries("美容液", [0, 30, 60], number="S1"), 80, "余っている")
    lotion = end(deliveries("化粧水", [30, 60], number="S2"), 70, "高い")
    for one in lotion:
        one.number = f"美容液-{(one.day - BEGINS).days}"
    takes(shop, *serum, *lotion, until=90)
    assert said(shop) == ("churned", StopPoint(3, SERUM, "subscription", "cancelled"))
    assert reasons(shop) == [(3, SERUM, 1, 20, ["余っている"])]


@pytest.mark.parametrize("numbers", [("S1", "S2"), ("", "")])
def test_who_cancels_one_of_two_has_not_left_while_the_other_runs(shop: Shop, numbers: tuple[str, str]) -> None:
    serum = end(deliveries("美容液", [0, 30, 60], number=numbers[0], counted=True), 80, "余っている")
    takes(shop, *serum, *deliveries("化粧水", [10, 40, 70], number=numbers[1], counted=True), until=90)
    assert said(shop) == ("active", None)
    with read_session(shop.parts.engine) as session:
        moves = movement.between(
            session, shop.store, from_on=BEGINS + timedelta(days=79), to_on=BEGINS + timedelta(days=85)
        )
    assert moves is not None
    assert moves.moves.classes.people("active", "churned") == 0


def test_a_subscription_that_fell_silent_does_not_run(shop: Shop) -> None:
    serum = end(deliveries("美容液", [100, 130], number="S1"), 140, "余っている")
    takes(shop, *serum, *deliveries("化粧水", [0, 30, 60], number="S2"), until=145)
    assert said(shop) == ("churned", StopPoint(2, SERUM, "subscription", "cancelled"))


def test_a_delivery_too_late_for_the_day_says_nothing_of_it(shop: Shop) -> None:
    serum = end(deliveries("美容液", [0, 30], number="S1"), 40, "余っている")
    takes(shop, *serum, *deliveries("化粧水", [50, 80], number="S2"), until=90)
    with write_session(shop.parts.engine) as session:
        operations.set_as_of(session, day=BEGINS + timedelta(days=45), actor=COMMAND_LINE, now=NOW)
    run_rebuild(shop.parts)
    assert said(shop) == ("churned", StopPoint(2, SERUM, "subscription", "cancelled"))


def test_deliveries_without_a_number_may_be_those_of_the_one_that_a_file_says_ended(shop: Shop) -> None:
    takes(shop, *deliveries("美容液", [0, 30, 60]), until=90)
    take(
        shop,
        SUBSCRIPTIONS,
        "顧客番号,定期受注番号,定期ステータス,キャンセル日,キャンセル理由\nc,T9,キャンセル,2026/03/20,高い\n",
    )
    assert said(shop) == ("churned", StopPoint(3, SERUM, "subscription", "cancelled"))
    assert reasons(shop) == [(3, SERUM, 1, 18, ["高い"])]
