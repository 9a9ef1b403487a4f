"""Small random shops as the files of a build, and every figure of coming back in plain Python. Imports nothing of the app."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = date(2026, 3, 17)
CURRENCY = {"shop": "JPY", "mall": "JPY", "abroad": "USD"}
CHANNELS = ("", "広告", "紹介")
BROUGHT = ("", "SNS広告", "検索広告")
PRODUCTS = {"A": "化粧水", "B": "美容液", "C": "石けん", "D": "", "": ""}
FAMILY = {"B": "うるおい", "C": "うるおい"}
WITHIN = (30, 60, 90, 120, 180, 365)
WORTH = (30, 90, 180, 365)
Person = tuple[str, str]
ORDERS = pa.schema(
    [
        ("source", pa.string()), ("customer_id", pa.string()), ("order_number", pa.int32()), ("ordered_on", pa.date32()),
        ("gap_days", pa.int32()), ("amount", pa.decimal128(18, 4)), ("pieces", pa.int64()), ("kind", pa.string()),
        ("product_code", pa.string()), ("product", pa.string()), ("product_family", pa.string()),
        ("sales_channel", pa.string()), ("acquisition_channel", pa.string()), ("subscription_number", pa.int32()),
        ("currency", pa.string()),
    ]
)  # fmt: skip
LINES = pa.schema(
    [
        ("source", pa.string()), ("customer_id", pa.string()), ("shop", pa.string()), ("order_ref", pa.string()),
        ("ordered_on", pa.date32()), ("effect", pa.string()), ("quantity", pa.int64()), ("product_code", pa.string()),
        ("product_name", pa.string()), ("product_family", pa.string()), ("amount", pa.decimal128(18, 4)),
    ]
)  # fmt: skip
Loose = list[tuple[Person, date, Decimal]]


@dataclass(frozen=True)
class Bought:
    """An order that counts; `codes` are its products, the first of them names it."""

    source: str
    customer: str
    day: date
    codes: tuple[str, ...]
    amount: Decimal
    channel: str
    brought: str = ""

    @property
    def who(self) -> Person:
        return (self.source, self.customer)


def random_orders(random: Random) -> list[Bought]:
    found = []
    for number in range(random.randint(1, 25)):
        source = random.choice(sorted(CURRENCY))
        day = AS_OF - timedelta(days=random.choice([0, 5, 29, 30, 31, 89, 90, 180, 364, 365, random.randint(1, 800)]))
        for _ in range(random.choice([1, 1, 2, 3, 6, 13])):
            codes = tuple(random.sample(sorted(PRODUCTS), random.choice([1, 1, 2])))
            amount = Decimal(random.choice([0, 980, 3000, 12000]))
            found.append(
                Bought(source, f"c{number}", day, codes, amount, random.choice(CHANNELS), random.choice(BROUGHT))
            )
            day += timedelta(days=random.choice([0, 0, 1, 29, 30, 31, 60, 90, 200]))
            if day > AS_OF:
                break
    return sorted(found, key=lambda one: (one.who, one.day))


def write_orders(orders: Iterable[Bought], path: Path) -> None:
    rows = []
    for (source, customer), mine in people(orders).items():
        before: date | None = None
        for number, one in enumerate(mine, start=1):
            rows.append(
                {
                    "source": source, "customer_id": customer, "order_number": number, "ordered_on": one.day,
                    "gap_days": (one.day - before).days if before else None, "amount": one.amount,
                    "pieces": len(one.codes), "kind": "single", "product_code": one.codes[0],
                    "product": PRODUCTS[one.codes[0]] or one.codes[0], "product_family": FAMILY.get(one.codes[0], ""),
                    "sales_channel": one.channel, "acquisition_channel": one.brought, "subscription_number": 0,
                    "currency": CURRENCY[source],
                }
            )  # fmt: skip
            before = one.day
    pq.write_table(pa.Table.from_pylist(rows, schema=ORDERS), path)


def write_lines(orders: Iterable[Bought], path: Path, random: Random) -> Loose:
    """Write the lines of the orders, and beside them what does not count: sent back, cancelled, later, of nobody.

    Return the money that belongs to no order: of orders sent back wholly, and of pieces back without an order.
    """
    rows: list[dict[str, object]] = []
    loose: Loose = []

    def line(one: Bought, ref: str, code: str, *, quantity: int = 1, effect: str = "sale", amount: int = 0) -> None:
        if amount:
            loose.append((one.who, one.day, Decimal(amount)))
        rows.append(
            {
                "amount": Decimal(amount),
                "source": one.source, "customer_id": one.customer, "shop": one.source, "order_ref": ref,
                "ordered_on": one.day, "effect": effect, "quantity": quantity, "product_code": code,
                "product_name": PRODUCTS[code], "product_family": FAMILY.get(code, ""),
            }
        )  # fmt: skip

    for number, one in enumerate(orders):
        ref = f"o{number}"
        for code in one.codes:
            line(one, ref, code, quantity=random.choice([1, 2]))
        other = next(code for code in sorted(PRODUCTS) if code not in one.codes)
        later = Bought(one.source, one.customer, AS_OF + timedelta(days=1), (), Decimal(0), "")
        back = {"effect": "counter"}
        beside: dict[str, list[tuple[Bought, str, dict[str, Any]]]] = {
            "sent back": [(one, ref, {}), (one, ref, back | {"quantity": -1})],
            "wholly sent back": [
                (one, f"w{number}", {"quantity": 2, "amount": 2000}),
                (one, f"w{number}", back | {"quantity": -2, "amount": -1500}),
            ],
            "without an order": [(one, f"b{number}", back | {"quantity": -1, "amount": -700})],
            "cancelled": [(one, f"x{number}", {"effect": "none"})],
            "later": [(later, f"l{number}", {})],
        }
        fate = random.choice(["", "nobody", *beside])
        for whose, order, more in beside.get(fate, ()):
            line(whose, order, other, **more)
        if fate == "nobody":
            rows.append(rows[-1] | {"customer_id": "", "order_ref": f"n{number}"})
    random.shuffle(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=LINES), path)
    return loose


def people(orders: Iterable[Bought]) -> dict[Person, list[Bought]]:
    found: dict[Person, list[Bought]] = defaultdict(list)
    for one in orders:
        found[one.who].append(one)
    return found


def word(code: str) -> str:
    """Return what a product goes by; nothing where its lines name none."""
    return FAMILY.get(code) or PRODUCTS[code] or code


def month(day: date) -> date:
    return day.replace(day=1)


def cohorts(orders: list[Bought]) -> dict[tuple[date, date], int]:
    """Return (first month, month) → people who ordered in it."""
    found: dict[tuple[date, date], int] = defaultdict(int)
    for mine in people(orders).values():
        for there in {month(one.day) for one in mine}:
            found[month(mine[0].day), there] += 1
    return dict(found)


def days_of(orders: list[Bought], by: str) -> list[list[date]]:
    listed = [[one.day for one in mine] for mine in people(orders).values()]
    return [sorted(set(days)) for days in listed] if by == "days" else listed


def ever(days: list[list[date]], number: int) -> tuple[int, int]:
    return sum(len(mine) > number for mine in days), sum(len(mine) >= number for mine in days)


def within(days: list[list[date]], number: int, limit: int, until: date = AS_OF) -> tuple[int, int]:
    """Return who went on from the nth within a limit, and of how many: those whom the limit was given."""
    old = [mine for mine in days if len(mine) >= number and (until - mine[number - 1]).days >= limit]
    return sum(len(mine) > number and (mine[number] - mine[number - 1]).days <= limit for mine in old), len(old)


def gaps(days: list[list[date]]) -> list[int]:
    return [(after - before).days for mine in days for before, after in pairwise(mine)]


def cycles(orders: list[Bought]) -> dict[str, tuple[int, int, int, float]]:
    """Return product → buyers, those who bought it again, gaps, their median; of products bought again."""
    bought: dict[str, dict[Person, set[date]]] = defaultdict(lambda: defaultdict(set))
    for one in orders:
        for code in filter(None, one.codes):
            bought[word(code)][one.who].add(one.day)
    found = {}
    for product, buyers in bought.items():
        spans = [(after - before).days for days in buyers.values() for before, after in pairwise(sorted(days))]
        if spans:
            found[product] = (len(buyers), sum(len(days) > 1 for days in buyers.values()), len(spans), median(spans))
    return found


def worth(
    orders: list[Bought], kind: str, loose: Loose, until: date = AS_OF
) -> dict[tuple[str, str], list[tuple[int, Decimal]]]:  # fmt: skip
    """Return (kind of first order, currency) → people who had the time and what they brought, for each of `WORTH`."""
    found: dict[tuple[str, str], list[tuple[int, Decimal]]] = {}
    for mine in people(orders).values():
        first = mine[0]
        keys = {
            "whole": "", "product": PRODUCTS[first.codes[0]] or first.codes[0], "channel": first.channel,
            "acquisition": first.brought, "month": month(first.day).isoformat(),
        }  # fmt: skip
        row = found.setdefault((keys[kind], CURRENCY[first.source]), [(0, Decimal(0))] * len(WORTH))
        for place, limit in enumerate(WORTH):
            if (until - first.day).days >= limit:
                brought = sum((one.amount for one in mine if (one.day - first.day).days <= limit), Decimal(0))
                brought += sum(
                    amount for who, day, amount in loose if who == first.who and (day - first.day).days <= limit
                )
                row[place] = (row[place][0] + 1, row[place][1] + brought)
    return found


def cross(orders: list[Bought]) -> tuple[dict[str, tuple[int, int]], dict[tuple[str, str], int]]:
    """Return people by the product that names their first order, those who ordered on a later day, and who bought what."""
    firsts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    pairs: dict[tuple[str, str], int] = defaultdict(int)
    for mine in people(orders).values():
        first = word(mine[0].codes[0])
        began, again = firsts[first]
        firsts[first] = (began + 1, again + (mine[-1].day > mine[0].day))
        for thing in {word(code) for one in mine if one.day > mine[0].day for code in filter(None, one.codes)}:
            pairs[first, thing] += 1
    return dict(firsts), dict(pairs)
