"""Reads the demo's order files with nothing but the standard library, and classes its customers by the terms' wording.

Nothing of the application is imported: what it computes is compared with what stands here.
"""

import csv
import gzip
import io
import itertools
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "seed_data" / "demo"
OWN_FILES = ("own_2024-11_2026-04.csv.gz", "own_2026-04_2026-10.csv.gz")
MALL_FILE = "mall_2024-11_2026-10.csv.gz"
SOURCES = {"あまみず公式": OWN_FILES, "あまみずモール店": (MALL_FILE,)}
VOID = {"注文取消し", "返品", "キャンセル確定"}

Row = dict[str, str]


@dataclass
class Bought:
    """One order as the oracle reads it."""

    on: date
    channel: str
    amount: int = 0
    lines: list[tuple[str, int]] = field(default_factory=list)


@dataclass
class Oracle:
    """One source's customers: valid orders by day, and the day the last subscription was cancelled."""

    orders: dict[str, list[Bought]]
    cancelled_on: dict[str, date]
    deliveries: dict[str, int]


@dataclass(frozen=True)
class Verdict:
    """What the terms make of one customer."""

    orders: int
    amount: int
    first_on: date
    last_on: date
    purchase_type: str
    customer_class: str


def rows_of(name: str) -> list[Row]:
    """Return the rows of one file, lines as they stand."""
    content = gzip.decompress((DEMO / "orders" / name).read_bytes())
    text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp932")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def day_of(value: str) -> date | None:
    """Return the day of a cell, or None when there is no such day."""
    try:
        return date.fromisoformat(value[:10].replace("/", "-"))
    except ValueError:
        return None


def number(value: str) -> int:
    """Return a whole number written in any width."""
    return int(unicodedata.normalize("NFKC", value).replace(",", ""))


def _lines(source: str) -> Iterator[Row]:
    if source == "あまみずモール店":
        yield from rows_of(MALL_FILE)
        return
    newest: dict[tuple[str, str], Row] = {}
    for name in OWN_FILES:
        for row in rows_of(name):
            key = (row["注文番号"], row["注文詳細ID"])
            if day_of(row["受注日"]) or key not in newest:
                newest[key] = row
    yield from newest.values()


def read_source(source: str) -> Oracle:
    """Return the customers of one source."""
    mall = source == "あまみずモール店"
    who, when, state = ("注文者ID", "注文日時", "ステータス") if mall else ("会員ID", "受注日", "対応状況(名称)")
    name, price, code = ("商品名", "単価", "商品番号") if mall else ("商品名", "価格", "商品コード")
    orders: dict[str, dict[str, Bought]] = defaultdict(dict)
    cancelled: dict[str, date] = {}
    deliveries: dict[str, int] = {}
    for row in _lines(source):
        day = day_of(row[when])
        if not row[who] or day is None or row.get("明細区分(名称)", "商品") != "商品" or not row[code]:
            continue
        if ended := day_of(row.get("キャンセル日", "")):
            cancelled[row[who]] = ended
            deliveries[row[who]] = number(row["定期回数"])
        if row[state] in VOID:
            continue
        found = orders[row[who]].setdefault(row["注文番号"], Bought(day, row["販売経路"]))
        found.amount += number(row[price]) * number(row["個数"])
        found.lines.append((row[name], number(row["個数"])))
    kept = {customer: _valid(list(found.values())) for customer, found in orders.items()}
    return Oracle({customer: found for customer, found in kept.items() if found}, cancelled, deliveries)


def _valid(orders: list[Bought]) -> list[Bought]:
    """Leave out orders that came back whole."""
    return sorted((order for order in orders if sum(count for _, count in order.lines) > 0), key=lambda order: order.on)


def classify(oracle: Oracle, as_of: date) -> dict[str, Verdict]:
    """Return type and class of every customer by the wording of the terms."""
    amounts = [order.amount for found in oracle.orders.values() for order in found]
    high = 7 * sum(amounts) / len(amounts)
    gaps = sorted(
        (later.on - earlier.on).days
        for found in oracle.orders.values()
        for earlier, later in itertools.pairwise(found)
        if later.on > earlier.on
    )
    lapse = min(240, max(60, gaps[math.ceil(0.9 * len(gaps)) - 1]))
    gone = max(240, 2 * lapse)
    return {
        customer: _verdict(found, oracle.cancelled_on.get(customer), as_of=as_of, high=high, lapse=lapse, gone=gone)
        for customer, found in oracle.orders.items()
    }


def _verdict(
    found: list[Bought], cancelled: date | None, *, as_of: date, high: float, lapse: int, gone: int
) -> Verdict:  # fmt: skip
    amount, first, last = sum(order.amount for order in found), found[0].on, found[-1].on
    kind = purchase_type(len(found), long=(last - first).days >= 90, high=amount >= high)
    since = (as_of - last).days
    if (cancelled is not None and last <= cancelled) or since > gone:
        name = "churned"
    elif since > lapse:
        name = "lapsed"
    else:
        name = {"first_time": "new", "fan": "loyal"}.get(kind, "active")
    return Verdict(len(found), amount, first, last, kind, name)


def purchase_type(orders: int, *, long: bool, high: bool) -> str:
    """Return the one name of a cell of count, period and amount."""
    if orders == 1:
        return "first_time"
    if long:
        return "fan" if high else "repeat"
    return "trend" if high else "budding"


def stop_point(oracle: Oracle, customer: str) -> str:
    """Return where a customer stopped, in the words of the term: 定期n回→解約, トライアル1回→離反 and so on."""
    if customer in oracle.cancelled_on:
        return f"定期{oracle.deliveries[customer]}回→解約"
    found = oracle.orders[customer]
    kind = "トライアル" if all("お試し" in line for order in found for line, _ in order.lines[:1]) else "単品"
    return f"{kind}{len(found)}回→離反"
