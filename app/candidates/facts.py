"""Fact cards (事実カード): three to five computed sentences about a customer, each with a question to ask."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, median
from typing import Any

from app.candidates.sentences import Money, Sentence, Term, from_json, sentence, to_json
from app.candidates.turning_point import gaps, subscription_start
from app.core.i18n import N_
from app.purchases.classes import KIND_LABELS
from app.purchases.other.attribute_words import LABELS
from app.purchases.schemas import Order, PurchaseEvent, Timeline
from app.purchases.timelines import order_kind, plain_product

MOST = 5
MOST_ATTRIBUTES = 3
LONGEST_VALUE = 40
NO_ATTRIBUTES: Mapping[str, str] = {}
LONG_GAP_TIMES = 2.0
GREW = Decimal("1.3")
MONTH_END_DAY = 25


@dataclass(frozen=True, slots=True)
class FactCard:
    """A fact, the question it raises, and the orders (by number) that it is about."""

    text: Sentence
    probe: Sentence
    lights: tuple[int, ...] = ()


def fact_cards(timeline: Timeline, attributes: Mapping[str, str] = NO_ATTRIBUTES) -> tuple[FactCard, ...]:
    """Return up to five cards, the most telling first; what member files brought (name → value) stands last."""
    if not timeline.orders:
        return ()
    told = list(_attributes(attributes))
    found = [card for rule in RULES for card in rule(timeline)]
    return (*found[: MOST - len(told)], *told)


def _attributes(attributes: Mapping[str, str]) -> Iterator[FactCard]:
    """Yield one card of the shop's own columns; sex, age and place stand in the card's head already."""
    own = sorted((name, value) for name, value in attributes.items() if name not in LABELS)[:MOST_ATTRIBUTES]
    if not own:
        return
    pairs = [sentence(N_("{attribute} “{value}”"), attribute=name, value=_short(value)) for name, value in own]
    listed = pairs[0]
    for pair in pairs[1:]:
        listed = sentence(N_("{first}, {second}"), first=listed, second=pair)
    yield FactCard(
        sentence(N_("In the member file: {attributes}."), attributes=listed),
        sentence(N_("Is that still so, and how does it show in the way you use the product?")),
    )


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"


def _cancelled(timeline: Timeline) -> Iterator[FactCard]:
    last = timeline.orders[-1]
    ends: list[PurchaseEvent] = [event for event in timeline.cancels if event.happened_on >= last.ordered_on]
    for event in ends[-1:]:
        days = (event.happened_on - last.ordered_on).days
        yield FactCard(
            sentence(N_("Cancelled {days} days after the last order."), days=days),
            sentence(N_("What happened in those {days} days?"), days=days),
            (last.number,),
        )
        if event.reason:
            yield FactCard(
                sentence(N_("The reason given to the shop: “{reason}”."), reason=event.reason),
                sentence(N_("What made you feel that way?")),
                (last.number,),
            )


def _moved_to_subscription(timeline: Timeline) -> Iterator[FactCard]:
    orders = timeline.orders
    number = subscription_start(orders)
    if number is None:
        return
    days = gaps(orders)
    before, after = days[: number - 1], days[number - 1 :]
    lights = (number - 1, number)
    probe = sentence(N_("What happened in between?"))
    if before and after:
        yield FactCard(
            sentence(
                N_("With order {number} they moved to a subscription, and the gap went from {before} to {after} days."),
                number=number, before=round(fmean(before)), after=round(fmean(after)),
            ),
            probe, lights,
        )  # fmt: skip
    else:
        yield FactCard(sentence(N_("With order {number} they moved to a subscription."), number=number), probe, lights)


def _second_order(timeline: Timeline) -> Iterator[FactCard]:
    if len(timeline.orders) < 2:
        return
    first, second = timeline.orders[:2]
    days = (second.ordered_on - first.ordered_on).days
    yield FactCard(
        sentence(N_("{days} days from the first order to the second."), days=days),
        sentence(N_("What had happened when you decided on the second order?")),
        (first.number, second.number),
    )


def _long_gap(timeline: Timeline) -> Iterator[FactCard]:
    days = gaps(timeline.orders)
    if len(days) < 3:
        return
    usual = median(days)
    longest = max(range(len(days)), key=lambda at: days[at])
    if usual < 1 or days[longest] < LONG_GAP_TIMES * usual:
        return
    before, after = timeline.orders[longest], timeline.orders[longest + 1]
    yield FactCard(
        sentence(
            N_("{days} days between order {before} and {after}; usually {usual}."),
            days=days[longest], before=before.number, after=after.number, usual=round(usual),
        ),
        sentence(N_("How did you get by meanwhile, and what brought you back?")),
        (before.number, after.number),
    )  # fmt: skip


def _amount_grew(timeline: Timeline) -> Iterator[FactCard]:
    orders = timeline.orders
    half = len(orders) // 2
    if half < 2:
        return
    early, late = _mean_amount(orders[:half]), _mean_amount(orders[-half:])
    if early.amount <= 0 or late.amount < early.amount * GREW:
        return
    yield FactCard(
        sentence(N_("Spent {early} an order at first, {late} lately."), early=early, late=late),
        sentence(N_("What was going on when you began to add to it?")),
        tuple(order.number for order in orders[-half:]),
    )


def _mean_amount(orders: Sequence[Order]) -> Money:
    total = sum((order.amount for order in orders), Decimal(0))
    return Money(amount=round(total / len(orders), 2), currency=orders[0].currency)


def _added_product(timeline: Timeline) -> Iterator[FactCard]:
    known = _products(timeline.orders[0])
    for order in timeline.orders[1:]:
        new = [name for name in _products(order) if name not in known]
        if new and order.amount > 0:
            yield FactCard(
                sentence(N_("Bought {product} for the first time with order {number}."), product=new[0], number=order.number),
                sentence(N_("What did you hope for from it?")),
                (order.number,),
            )  # fmt: skip
            return


def _products(order: Order) -> list[str]:
    """Return the products paid for; samples put in for nothing are no choice of the customer's."""
    names = [(plain_product(line.product_name) or line.product_code, line.amount) for line in order.lines]
    paid = [name for name, amount in names if name and amount > 0]
    return paid or [name for name, _ in names if name]


def _more_pieces(timeline: Timeline) -> Iterator[FactCard]:
    counts = [sum(line.quantity for line in order.lines) for order in timeline.orders]
    for at in range(1, len(counts)):
        later = counts[at:]
        if len(later) >= 2 and min(later) >= 2 and max(counts[:at]) == 1:
            yield FactCard(
                sentence(N_("From order {number} on, {pieces} pieces or more each time."), number=at + 1, pieces=min(later)),
                sentence(N_("For whom is the part that was added?")),
                (at + 1,),
            )  # fmt: skip
            return


def _channel_changed(timeline: Timeline) -> Iterator[FactCard]:
    for before, order in pairwise(timeline.orders):
        if before.sales_channel and order.sales_channel and before.sales_channel != order.sales_channel:
            yield FactCard(
                sentence(
                    N_("Ordered through {after} instead of {before} from order {number} on."),
                    before=before.sales_channel, after=order.sales_channel, number=order.number,
                ),
                sentence(N_("What made you change where you order?")),
                (before.number, order.number),
            )  # fmt: skip
            return


def _month_end(timeline: Timeline) -> Iterator[FactCard]:
    orders = timeline.orders
    if len(orders) >= 3 and all(order.ordered_on.day >= MONTH_END_DAY for order in orders):
        yield FactCard(
            sentence(N_("All {orders} orders fall at the end of the month."), orders=len(orders)),
            sentence(N_("What are you doing around that time of the month?")),
            tuple(order.number for order in orders),
        )


def _first_order(timeline: Timeline) -> Iterator[FactCard]:
    first = timeline.orders[0]
    names = _products(first)
    kind = Term(KIND_LABELS[order_kind(first)])
    if names:
        yield FactCard(
            sentence(N_("Began with {product} ({kind})."), product=names[0], kind=kind),
            sentence(N_("Which other products were you weighing against it?")),
            (first.number,),
        )
    yield FactCard(
        sentence(
            N_("First order on {day}, {amount}."),
            day=first.ordered_on, amount=Money(first.amount, first.currency),
        ),
        sentence(N_("What was your life like around then?")),
        (first.number,),
    )  # fmt: skip


def _silence(timeline: Timeline) -> Iterator[FactCard]:
    last = timeline.orders[-1]
    if timeline.as_of is None:
        return
    days = (timeline.as_of - last.ordered_on).days
    yield FactCard(
        sentence(N_("{days} days without an order since order {number}."), days=days, number=last.number),
        sentence(N_("Where is the product now, and how much is left?")),
        (last.number,),
    )


RULES: tuple[Callable[[Timeline], Iterator[FactCard]], ...] = (
    _cancelled,
    _moved_to_subscription,
    _long_gap,
    _amount_grew,
    _more_pieces,
    _channel_changed,
    _added_product,
    _month_end,
    _second_order,
    _first_order,
    _silence,
)


def card_to_json(card: FactCard) -> dict[str, Any]:
    """Return a card as plain JSON."""
    return {"text": to_json(card.text), "probe": to_json(card.probe), "lights": list(card.lights)}


def card_from_json(stored: dict[str, Any]) -> FactCard:
    """Return the card kept by `card_to_json`."""
    return FactCard(from_json(stored["text"]), from_json(stored["probe"]), tuple(stored["lights"]))
