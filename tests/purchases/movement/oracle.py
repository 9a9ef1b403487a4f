"""Small random shops as rows of a file, and where everybody stands on a day, in plain Python. Imports nothing of the app."""

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

START = date(2024, 1, 1)
DAYS = 700
HEADERS = (
    "注文番号",
    "顧客ID",
    "注文日",
    "商品コード",
    "数量",
    "単価",
    "対応状況",
    "種別",
    "定期受注番号",
    "キャンセル日",
)
COLUMNS = {
    "order_id": "注文番号", "customer_key": "顧客ID", "ordered_at": "注文日", "product_code": "商品コード",
    "quantity": "数量", "unit_price": "単価", "status": "対応状況", "kind": "種別", "sub_id": "定期受注番号",
    "cancelled_at": "キャンセル日",
}  # fmt: skip
NONE, GONE = "none", "gone"
Place = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """One row: `pieces` are negative where they came back; `ended` is when its subscription was cancelled."""

    order: str
    customer: str
    day: date
    product: str
    pieces: int
    price: int
    cancelled: bool = False
    ended: date | None = None


@dataclass(frozen=True)
class Limits:
    high: float
    long: int
    lapse: int
    churn: int


def random_lines(random: Random, *, customers: int = 30, until: int = DAYS) -> list[Line]:
    """Return orders of which some are cancelled, come back in part or wholly, or end a subscription."""
    found: list[Line] = []
    for number in range(customers):
        who, offset = f"c{number:02}", random.randrange(until)
        for nth in range(random.choice([1, 1, 2, 3, 5, 9])):
            day = START + timedelta(days=offset)
            order, pieces, price = f"{who}-{nth}", random.randint(1, 3), random.choice([0, 900, 3000, 20000])
            ended = day + timedelta(days=random.choice([0, 10, 60])) if random.random() < 0.08 else None
            cancelled = random.random() < 0.07
            found.append(Line(order, who, day, "A", pieces, price, cancelled, ended))
            later = day + timedelta(days=random.choice([0, 3, 40]))
            # what comes back of a cancelled order is taken off another one (tests/purchases/oracle.py), which is not told here
            if random.random() < 0.12 and not cancelled:
                found.append(Line(order, who, later, "A", -random.randint(1, pieces), price))
            if random.random() < 0.06:
                found.append(Line(f"z{order}", who, later, "Z", -1, random.choice([500, 9000])))
            offset += random.choice([0, 1, 12, 30, 45, 95, 200])
            if offset >= until:
                break
    return found


def as_file(lines: list[Line]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for one in lines:
        status = "返品" if one.pieces < 0 else "注文取消し" if one.cancelled else "発送済み"
        kind = "定期" if one.ended else "単品"
        subscription = f"S{one.order}" if one.ended else ""
        writer.writerow(
            [
                one.order,
                one.customer,
                one.day,
                one.product,
                one.pieces,
                one.price,
                status,
                kind,
                subscription,
                one.ended or "",
            ]
        )
    return out.getvalue()


def standing(lines: list[Line], day: date, limits: Limits) -> dict[str, Place]:
    """Return class and type of each who had ordered by then; cancelled and sent back counts as it is known in the end.

    Each order with an end is a subscription of its own; until then it runs for as long as the lapse days.
    """
    orders, nowhere = _bought(lines)
    ended: dict[str, list[date]] = defaultdict(list)
    runs: set[str] = set()
    for one in lines:
        if one.ended and one.ended <= day:
            ended[one.customer].append(one.ended)
        elif one.ended and (day - one.day).days <= limits.lapse and one.day <= day:
            kept = _bought([part for part in lines if (part.customer, part.order) == (one.customer, one.order)])[0]
            runs |= kept.keys()
    for who in runs:
        ended.pop(who, None)
    found = {}
    for who, bought in orders.items():
        known = [one for one in bought if one[0] <= day]
        if known:
            amount = sum(one[1] for one in known) + nowhere[who]
            found[who] = _place([one[0] for one in known], amount, ended[who], day, limits)
    return found


def _bought(lines: list[Line]) -> tuple[dict[str, list[tuple[date, int]]], Counter[str]]:
    """Return day and amount of each order that counts, and what else a customer's amount holds."""
    goods: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for one in lines:
        if not one.cancelled:
            goods[one.customer, one.order].append(one)
    orders: dict[str, list[tuple[date, int]]] = defaultdict(list)
    nowhere: Counter[str] = Counter()
    for (who, _), parts in goods.items():
        amount = sum(part.pieces * part.price for part in parts)
        sold = [part.day for part in parts if part.pieces > 0]
        back = any(part.pieces < 0 for part in parts)
        if sold and not (back and sum(part.pieces for part in parts) <= 0):
            orders[who].append((min(sold), amount))
        else:
            nowhere[who] += amount
    return orders, nowhere


def _place(days: list[date], amount: int, ended: list[date], day: date, limits: Limits) -> Place:
    first, last = min(days), max(days)
    long, high = (last - first).days >= limits.long, amount >= limits.high
    names = {(True, True): "fan", (True, False): "repeat", (False, True): "trend", (False, False): "budding"}
    kind = "first_time" if len(days) == 1 else names[long, high]
    since = (day - last).days
    if (ended and max(ended) >= last) or since > limits.churn:
        return "churned", kind
    if since > limits.lapse:
        return "lapsed", kind
    if len(days) == 1:
        return "new", kind
    return ("loyal" if kind == "fan" else "active"), kind


def moves(before: dict[str, Place], after: dict[str, Place], which: int) -> dict[Place, set[str]]:
    """Return the people of each arrow; `which` is 0 for classes, 1 for types."""
    found: dict[Place, set[str]] = defaultdict(set)
    for who in before.keys() | after.keys():
        was = before[who][which] if who in before else NONE
        now = after[who][which] if who in after else GONE
        found[was, now].add(who)
    return dict(found)
