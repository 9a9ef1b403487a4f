"""Where the loyalty trigger lies between two orders, and what the record shows before and after.

Sequence, never cause: the result says what changed, not why.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.boards.schemas import BoardQuote, Change, ChangeKind, TurnBasis, TurningPoint

VISIBLE_SHIFT = math.log(1.2)
"""A mean counts as changed from a fifth more or a sixth less on."""

NUMBER = r"(\d{1,3}|[一二三四五六七八九十]{1,3})"
KANJI_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", start=1)}
NTH = re.compile(NUMBER + r"(?:回|本|箱|袋|個|つ|度|ヶ月分|か月分)目")
USED_UP = re.compile(r"使|飲|食べ|塗|開け|終わ|空い")
TO_SUBSCRIPTION = re.compile(r"定期(?:便|コース|購入)?(?:に|へ)(?:変|切|し|移|申|入)")
ELAPSED = re.compile(
    NUMBER + r"(年|[かカヶヵケ箇]月|週間|日)(半)?(?:くらい|ぐらい|ほど|目|たっ|経っ|経ち|続け|使っ|後|して|で)"
)
HALF_YEAR = re.compile(r"半年(?:くらい|ぐらい|ほど|たっ|経っ|続け|使っ|後|して|で)")
UNIT_DAYS = {"年": Decimal("365.25"), "週間": Decimal(7), "日": Decimal(1)}
MONTH_DAYS = Decimal("30.4375")


@dataclass(frozen=True, slots=True)
class TurnOrder:
    """One order as it stands in the record: unrounded, so that both views pin the same interval."""

    number: int
    day: int
    amount: Decimal
    items: int
    kind: str


def turning_point(triggers: Sequence[BoardQuote], orders: Sequence[TurnOrder]) -> TurningPoint | None:
    """Return the turning point, or None when no trigger was told.

    What is said about the switch to a subscription, an order number or a time pins it; else the
    interval with the largest change of behaviour does.
    """
    if not triggers:
        return None
    for pin in PINS:
        for quote in triggers:
            split = pin(quote.text, orders)
            if split is not None and 1 <= split < len(orders):
                return pinned(quote, orders, split, BASIS[pin])
    best = largest_change(orders)
    if best is None:
        return unpinned(triggers[0], orders)
    return pinned(triggers[0], orders, best, TurnBasis.LARGEST_CHANGE)


def said_order(text: str, orders: Sequence[TurnOrder]) -> int | None:
    """Return the split by an order number: "3回目" is the step to order 3, "3本目を使い" the time after it."""
    del orders
    for found in NTH.finditer(text):
        number = kanji_number(found.group(1))
        if number is None or number < 1:
            continue
        after_words = text[found.end() : found.end() + 12]
        if USED_UP.search(after_words):
            return number
        if number > 1:
            return number - 1
    return None


def said_subscription(text: str, orders: Sequence[TurnOrder]) -> int | None:
    """Return the split before the first subscription order, when the switch is what is told."""
    if not TO_SUBSCRIPTION.search(text):
        return None
    first = next((index for index, order in enumerate(orders) if order.kind == "subscription"), None)
    return first or None


def said_time(text: str, orders: Sequence[TurnOrder]) -> int | None:
    """Return the split by a time since the first order: "半年たって", "3か月くらいで"."""
    day = elapsed_days(text)
    if day is None or not orders or day > orders[-1].day:
        return None
    return sum(order.day <= day for order in orders)


def elapsed_days(text: str) -> int | None:
    """Return the days of the first time span told in the text."""
    if HALF_YEAR.search(text):
        return 183
    found = ELAPSED.search(text)
    if found is None:
        return None
    number = kanji_number(found.group(1))
    if number is None:
        return None
    unit = UNIT_DAYS.get(found.group(2), MONTH_DAYS)
    half = Decimal("0.5") if found.group(3) else Decimal(0)
    return int((number + half) * unit)


def kanji_number(text: str) -> int | None:
    """Return 1-99 from Arabic digits of either width or kanji (三, 十二, 二十), None for anything else."""
    if text.isdecimal():
        return int(text)
    tens, ten, units = text.rpartition("十")
    if ten:
        return KANJI_DIGITS.get(tens, 1) * 10 + KANJI_DIGITS.get(units, 0)
    return KANJI_DIGITS.get(text)


Pin = Callable[[str, Sequence[TurnOrder]], int | None]
PINS: tuple[Pin, ...] = (said_subscription, said_order, said_time)
"""The switch comes first: it stands in the record, while people count orders with or without the trial."""
BASIS: dict[Pin, TurnBasis] = {
    said_order: TurnBasis.SAID_ORDER,
    said_subscription: TurnBasis.SAID_SUBSCRIPTION,
    said_time: TurnBasis.SAID_TIME,
}


def largest_change(orders: Sequence[TurnOrder]) -> int | None:
    """Return the split with the largest change that shows, None when none does."""
    if len(orders) < 2:
        return None
    scored = [(score(orders, split), -split) for split in range(1, len(orders))]
    best, negative = max(scored)
    return -negative if best > 0 else None


def score(orders: Sequence[TurnOrder], split: int) -> float:
    """Return how much behaviour differs before and after, weighted towards balanced splits; 0 if nothing shows."""
    found = changes(orders, split)
    if not shows(found):
        return 0.0
    weight = math.sqrt(split * (len(orders) - split)) / len(orders)
    return weight * sum(size(change) for change in found)


def changes(orders: Sequence[TurnOrder], split: int) -> tuple[Change, ...]:
    """Return gap, amount, items and way of buying before and after a split; the gap across it counts in neither, nor do trial amounts."""
    before, after = orders[:split], orders[split:]
    return (
        Change(ChangeKind.GAP, mean_gap(before), mean_gap(after)),
        Change(ChangeKind.AMOUNT, mean_amount(before), mean_amount(after)),
        Change(
            ChangeKind.ITEMS,
            mean([Decimal(order.items) for order in before]),
            mean([Decimal(order.items) for order in after]),
        ),
        Change(ChangeKind.WAY, way(before), way(after)),
    )


def shows(found: Sequence[Change]) -> bool:
    """Whether any measure changed enough to be called a change."""
    return any(size(change) >= VISIBLE_SHIFT for change in found)


def size(change: Change) -> float:
    """Return |log(after / before)|, 1 for another way of buying, 0 where a side is not known."""
    if isinstance(change.before, Decimal) and isinstance(change.after, Decimal):
        if change.before <= 0 or change.after <= 0:
            return 0.0
        return abs(math.log(float(change.after / change.before)))
    return 1.0 if change.before != change.after and change.before and change.after else 0.0


def mean(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None


def mean_gap(orders: Sequence[TurnOrder]) -> Decimal | None:
    """Return mean days between neighbours, None for fewer than two orders."""
    return Decimal(orders[-1].day - orders[0].day) / (len(orders) - 1) if len(orders) > 1 else None


def mean_amount(orders: Sequence[TurnOrder]) -> Decimal | None:
    """Return the mean of what was paid, trial sets left out: their price is the shop's choice."""
    return mean([order.amount for order in orders if order.kind != "trial"])


def way(orders: Sequence[TurnOrder]) -> str:
    """Return subscription when half of the orders or more are, else single."""
    subscribed = sum(order.kind == "subscription" for order in orders)
    return "subscription" if subscribed * 2 >= len(orders) else "single"


def pinned(quote: BoardQuote, orders: Sequence[TurnOrder], split: int, basis: TurnBasis) -> TurningPoint:
    """Return the turning point between the orders on both sides of a split."""
    found = changes(orders, split)
    return TurningPoint(
        quote=quote,
        basis=basis,
        before_order=orders[split - 1].number,
        after_order=orders[split].number,
        from_day=orders[split - 1].day,
        to_day=orders[split].day,
        orders_before=split,
        orders_after=len(orders) - split,
        changes=found,
        visible=shows(found),
    )


def unpinned(quote: BoardQuote, orders: Sequence[TurnOrder]) -> TurningPoint:
    """Return a trigger that was told though no change of behaviour shows."""
    return TurningPoint(
        quote=quote,
        basis=TurnBasis.NONE,
        before_order=0,
        after_order=0,
        from_day=0,
        to_day=0,
        orders_before=len(orders),
        orders_after=0,
        changes=(),
        visible=False,
    )
