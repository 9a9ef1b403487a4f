"""Small random shops with trials, single orders and subscriptions, as rows that plain Python can count again."""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.purchases.build import Shop

START = date(2024, 1, 1)
HEADERS = (
    "注文番号", "顧客ID", "注文日", "商品コード", "商品名", "数量", "単価", "対応状況", "種別", "定期受注番号", "定期回数",
    "キャンセル日", "キャンセル理由",
)  # fmt: skip
COLUMNS = {
    "order_id": "注文番号", "customer_key": "顧客ID", "ordered_at": "注文日", "product_code": "商品コード",
    "product_name": "商品名", "quantity": "数量", "unit_price": "単価", "status": "対応状況", "kind": "種別",
    "sub_id": "定期受注番号", "sub_seq": "定期回数", "cancelled_at": "キャンセル日", "reason": "キャンセル理由",
}  # fmt: skip
KINDS = {"trial": "トライアル", "single": "単品", "subscription": "定期"}
REASONS = ("商品が余っている", "効果が実感できない", "", "価格が高い")


@dataclass
class Order:
    """One order of one product; `returned` came back wholly, `ended` is the day its subscription was cancelled."""

    number: str
    customer: str
    day: date
    product: str
    kind: str
    pieces: int = 1
    subscription: str = ""
    count: int | None = None
    ended: date | None = None
    reason: str = ""
    returned: bool = False


@dataclass
class MadeShop:
    """Orders by customer; every order of a customer is on a day of its own."""

    orders: list[Order] = field(default_factory=list)

    def csv(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEADERS)
        for one in self.orders:
            row = [one.number, one.customer, one.day, one.product, f"商品{one.product}", one.pieces, 1000]
            sub = [KINDS[one.kind], one.subscription, one.count or ""]
            writer.writerow([*row, "発送済み", *sub, one.ended or "", one.reason])
            if one.returned:
                writer.writerow([*row[:5], -one.pieces, 1000, "返品", *sub, "", ""])
        return out.getvalue()


def made(seed: int, customers: int = 60) -> MadeShop:
    """Return the shop of a seed; the same at every call."""
    dice = random.Random(seed)
    shop = MadeShop()
    for at in range(customers):
        person = f"c{at:03}"
        day = START + timedelta(days=dice.randrange(500))
        if dice.random() < 0.4:
            _add(shop, dice, Order("", person, day, "T", "trial"))
            day += timedelta(days=dice.randrange(5, 60))
        for nth in range(dice.randrange(3)):
            _add(shop, dice, Order("", person, day, dice.choice("AB"), "single", pieces=dice.randrange(1, 4)))
            day += timedelta(days=dice.randrange(3, 90) + nth)
        for nth in range(dice.choice((0, 1, 1, 1, 2))):
            day = _subscribe(shop, dice, person, day, nth)
    return shop


def take_made(shop: "Shop", seed: int) -> None:
    """Take the shop of a seed in."""
    shop.take(made(seed).csv(), columns=COLUMNS)


def _subscribe(shop: MadeShop, dice: random.Random, person: str, day: date, nth: int) -> date:
    """Add a subscription: some began before the data, some have no number at the shop, of some only the kind is known.

    Some people buy something else around the day on which they cancel.
    """
    number = f"S-{person}-{nth}" if dice.random() < 0.8 or nth else ""
    begins = dice.choice((1, 1, 1, 1, 3)) if number or dice.random() < 0.6 else None
    product, times = dice.choice(("SA", "SB")) if not nth else "SA", dice.randrange(1, 7)
    for turn in range(times):
        count = None if begins is None else begins + turn
        one = Order("", person, day, product, "subscription", dice.choice((1, 1, 2)), number, count)
        if begins and turn == times - 1 and dice.random() < 0.6:
            one.ended, one.reason = day + timedelta(days=dice.randrange(25)), dice.choice(REASONS)
        _add(shop, dice, one)
        if one.ended and dice.random() < 0.5:
            _add(
                shop, dice, Order("", person, day + timedelta(days=dice.randrange(1, 27)), dice.choice("AB"), "single")
            )
        day += timedelta(days=dice.choice((28, 30, 30, 35)))
    return day + timedelta(days=dice.randrange(1, 40))


def _add(shop: MadeShop, dice: random.Random, one: Order) -> None:
    one.number = f"o{len(shop.orders):04}"
    one.returned = dice.random() < 0.04
    shop.orders.append(one)
