"""The invented customers of the demo shop and what they ordered: the same at every run."""

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SEED = 20261031
FIRST_DAY = date(2024, 11, 1)
LAST_DAY = date(2026, 10, 31)
OWN_CUSTOMERS = 2900
MALL_CUSTOMERS = 460
CANCEL_HAZARD = {1: 0.27, 2: 0.10, 3: 0.07, 4: 0.20}  # share of subscribers who stop after the nth delivery
LATER_HAZARD = 0.045
SLIP = (0, 0, 1, -1, 2, -1, 1)  # no parcel leaves after exactly 30 days every time
ORDER = re.compile(r"(?P<on>\S+) (?P<items>.+?)(?: x(?P<times>\d+) every (?P<days>\d+))?$")
ITEM = re.compile(r"\+?(?P<code>[A-Z0-9-]+)(?:#(?P<nth>\d+))?(?:\*(?P<count>\d+))?$")


@dataclass(frozen=True)
class Order:
    on: date
    items: tuple[tuple[str, int], ...]
    nth: int | None = None
    status: str = "発送済み"


@dataclass(frozen=True)
class Customer:
    customer_id: str
    name: tuple[str, str, str, str]
    prefecture: str
    born: str
    sex: str
    sales_channel: str
    orders: tuple[Order, ...]
    cancelled_on: date | None = None
    cancel_reason: str = ""
    scripted: bool = False


SHOP: dict[str, Any] = tomllib.loads((HERE / "shop.toml").read_text("utf-8"))
PRODUCTS: dict[str, dict[str, Any]] = SHOP["products"]
WORDS: dict[str, list[str]] = SHOP["words"]


def scripted_people() -> list[tuple[str, Customer]]:
    """The people of people.toml with their orders, each with the shop they buy at."""
    people = tomllib.loads((HERE / "people.toml").read_text("utf-8"))["people"]
    return [(entry.get("shop", "own"), _scripted(entry)) for entry in people]


def _scripted(entry: dict[str, Any]) -> Customer:
    cancelled = entry.get("cancelled_on")
    family, first, family_kana, first_kana = entry["name"].split()
    orders = sorted((order for text in entry["orders"] for order in _expand(text)), key=lambda order: order.on)
    return Customer(
        customer_id=entry["customer_id"], name=(family, first, family_kana, first_kana),
        prefecture=entry["prefecture"], born=entry["born"], sex=entry.get("sex", "女性"),
        sales_channel=entry["sales_channel"], orders=tuple(orders),
        cancelled_on=date.fromisoformat(cancelled) if cancelled else None,
        cancel_reason=entry.get("cancel_reason", ""), scripted=True,
    )  # fmt: skip


def _expand(text: str) -> Iterator[Order]:
    found = ORDER.match(text)
    if found is None:
        raise ValueError(text)
    items: list[tuple[str, int]] = []
    nth = None
    for part in found["items"].split():
        item = ITEM.match(part)
        if item is None:
            raise ValueError(text)
        items.append((item["code"], int(item["count"] or 1)))
        nth = int(item["nth"]) if item["nth"] else nth
    for step in range(int(found["times"] or 1)):
        day = date.fromisoformat(found["on"]) + timedelta(days=step * int(found["days"] or 0) + SLIP[step % len(SLIP)])
        yield Order(on=day, items=tuple(items), nth=None if nth is None else nth + step)


def first_day(rng: random.Random) -> date:
    """Day of a first order: somewhat more in the dry months and as the shop grows."""
    span = (LAST_DAY - FIRST_DAY).days
    while True:
        day = FIRST_DAY + timedelta(days=rng.randrange(span))
        dry = 1.0 if day.month in {11, 12, 1, 2} else 0.7
        if rng.random() < dry * (0.7 + 0.3 * (day - FIRST_DAY).days / span):
            return day


def subscription(rng: random.Random, start: date) -> tuple[list[Order], date | None]:
    """Deliveries about every 30 days until the customer stops or the file ends; the day of the cancel."""
    orders: list[Order] = []
    day, nth = start, 1
    cross = ["AM-W80", "AM-H50", "AM-C30T", "AM-L150"]
    while day <= LAST_DAY:
        items = [("AM-S30T", 1)]
        if nth >= 3 and rng.random() < 0.16:
            items.append((cross[rng.randrange(len(cross))], 1))
        if rng.random() < 0.05:
            items.append(("SMP-C3", 2))
        orders.append(Order(on=day, items=tuple(items), nth=nth))
        if rng.random() < CANCEL_HAZARD.get(nth, LATER_HAZARD):
            cancelled = day + timedelta(days=6 + rng.randrange(15))
            return orders, cancelled if cancelled <= LAST_DAY else None
        pause = 30 if rng.random() < 0.06 else 0
        day += timedelta(days=28 + rng.randrange(6) + pause)
        nth += 1
    return orders, None


def singles(rng: random.Random, start: date, code: str, again: float) -> list[Order]:
    """Single purchases, each followed by another with the chance `again`."""
    orders: list[Order] = []
    day = start
    while day <= LAST_DAY:
        items = [(code, 2 if rng.random() < 0.08 else 1)]
        if rng.random() < 0.12:
            items.append(("AM-W80" if code != "AM-W80" else "AM-H50", 1))
        orders.append(Order(on=day, items=tuple(items)))
        if rng.random() > again:
            break
        day += timedelta(days=int(25 + rng.random() * rng.random() * 150))
    return orders


def burst(rng: random.Random, start: date) -> list[Order]:
    """Large sets within a few weeks, then nothing."""
    days = sorted({0, *(rng.randrange(80) for _ in range(2 + rng.randrange(3)))})
    found = [start + timedelta(days=offset) for offset in days]
    return [Order(on=day, items=(("AM-SET", 1 + rng.randrange(2)),)) for day in found if day <= LAST_DAY]


def own_path(rng: random.Random, start: date) -> tuple[list[Order], date | None]:
    """Orders of one invented customer of the shop's own cart."""
    draw = rng.random()
    if draw < 0.50:
        trial = Order(on=start, items=(("AM-T7", 1), ("SMP-C3", 1)) if rng.random() < 0.3 else (("AM-T7", 1),))
        following = start + timedelta(days=12 + rng.randrange(40))
        turn = rng.random()
        if turn < 0.42:
            return [trial], None
        if turn < 0.78:
            orders, cancelled = subscription(rng, following)
            return [trial, *orders], cancelled
        return [trial, *singles(rng, following, "AM-S30", 0.5)], None
    if draw < 0.70:
        return subscription(rng, start)
    if draw < 0.85:
        return singles(rng, start, "AM-S30", 0.55), None
    if draw < 0.89:
        return singles(rng, start, ["AM-S30", "AM-L150", "AM-C30"][rng.randrange(3)], 0.9), None
    if draw < 0.96:
        return singles(rng, start, ["AM-W80", "AM-H50", "AM-L150"][rng.randrange(3)], 0.72), None
    return burst(rng, start), None


def came_back(rng: random.Random, orders: list[Order], cancelled: date | None) -> list[Order]:
    """One in nine comes back months later, when the jar is empty or the dry season returns; some stay for a while."""
    if rng.random() > 0.11:
        return orders
    again = (cancelled or orders[-1].on) + timedelta(days=70 + rng.randrange(260))
    return [*orders, *singles(rng, again, "AM-S30", 0.35)] if again <= LAST_DAY else orders


def spoiled(rng: random.Random, orders: list[Order]) -> tuple[Order, ...]:
    """A few orders cancelled before they left, a few sent back."""

    def status() -> str:
        draw = rng.random()
        return "注文取消し" if draw < 0.02 else "返品" if draw < 0.03 else "発送済み"

    return tuple(replace(order, status=status()) for order in orders)


def invented(
    rng: random.Random, customer_id: str, orders: list[Order], *, cancelled: date | None, mall: bool
) -> Customer:
    """A customer with an invented name around these orders."""
    family = WORDS["surnames"][rng.randrange(len(WORDS["surnames"]))].split()
    given = WORDS["given"][rng.randrange(len(WORDS["given"]))].split()
    male = given[0] in {"翔太", "健一", "誠", "大輔", "拓也", "隆"}
    reasons = WORDS["cancel_reasons"]
    return Customer(
        customer_id=customer_id, name=(family[0], given[0], family[1], given[1]),
        prefecture=WORDS["prefectures"][rng.randrange(len(WORDS["prefectures"]))],
        born=f"{1948 + rng.randrange(58)}-{1 + rng.randrange(12):02d}-{1 + rng.randrange(28):02d}",
        sex="男性" if male else "女性", orders=spoiled(rng, orders),
        sales_channel="モール" if mall else "電話" if rng.random() < 0.22 else "自社EC",
        cancelled_on=cancelled, cancel_reason=reasons[rng.randrange(len(reasons))] if cancelled else "",
    )  # fmt: skip


def own_customers() -> list[Customer]:
    rng = random.Random(SEED)
    found: list[Customer] = []
    for number, start in enumerate(sorted(first_day(rng) for _ in range(OWN_CUSTOMERS))):
        orders, cancelled = own_path(rng, start)
        subscribed = orders[-1].nth is not None and cancelled is None
        customer_id = str(10_001 + number * 3)
        found.append(
            invented(
                rng,
                customer_id,
                orders if subscribed else came_back(rng, orders, cancelled),
                cancelled=cancelled,
                mall=False,
            )
        )
    return found + [person for shop, person in scripted_people() if shop == "own"]


def mall_customers() -> list[Customer]:
    rng = random.Random(SEED + 1)
    found: list[Customer] = []
    for number in range(MALL_CUSTOMERS):
        draw, start = rng.random(), first_day(rng)
        if draw < 0.06:
            orders = burst(rng, start)
        else:
            again = 0.85 if draw > 0.92 else 0.0 if draw > 0.8 else 0.45
            orders = singles(rng, start, "AM-T7" if again == 0 else "AM-W80" if 0.6 < draw <= 0.8 else "AM-S30", again)
        orders = came_back(rng, orders, None)
        found.append(invented(rng, f"m-{30_000 + number * 37}", orders, cancelled=None, mall=True))
    return found + [person for shop, person in scripted_people() if shop == "mall"]


def price_of(code: str, order: Order) -> int:
    product = PRODUCTS[code]
    return int(product["first"] if order.nth == 1 and "first" in product else product["price"])
