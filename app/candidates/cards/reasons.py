"""Why this person: plain sentences computed from purchases."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.candidates.sentences import Money, Sentence, Span, Term, sentence
from app.core.i18n import N_
from app.purchases.classes import CLASS_LABELS, KIND_LABELS, STOPPED
from app.purchases.returning.explanation import WITHIN_DAYS, Explanation
from app.purchases.schemas import CustomerSummary, StopPoint
from app.purchases.timelines import plain_product

RARE_CELL_PEOPLE = 20
ONCE_OWN_PACE = 1.5

ENOUGH_ALIKE = 30
ALIKE_CAME_BACK = N_(
    "Of people with as many orders and as long without one, {share}% ordered again within {days} days."
)
SAME_START = N_("the same first product and channel")
SAME_STOP_ONLY = N_("the same stop point")
SAME_STOP = N_("the same first product, channel and stop point")
CANCELLED_AFTER = N_("{kind} {n}× → cancelled")
STOPPED_AFTER = N_("{kind} {n}× → stopped")
SUPER_LOYAL = N_("Super loyal: among the best of the shop by recent amount.")
EARLIER = (N_("Among the best 1% of the shop over the last 365 days."),)  # cards of before keep their words


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare a person's cell is: people of the shop in it, and people of it who are candidates or were heard."""

    people: int
    taken: int


def stop_label(stop: StopPoint) -> Sentence:
    """Return a stop point (離脱点) in the trade's short form: 定期4回→解約."""
    ending = CANCELLED_AFTER if stop.ending == "cancelled" else STOPPED_AFTER
    return sentence(ending, kind=Term(KIND_LABELS[stop.kind]), n=stop.number)


def reasons(
    summary: CustomerSummary, rarity: Rarity | None = None, *, by_hand: bool = False, chance: Explanation | None = None
) -> tuple[Sentence, ...]:
    """Return the sentences of a card: what was bought, the pace or where it stopped, how people alike did, what is rare."""
    found = [_bought(summary), *_stop_or_pace(summary), *_alike_came_back(chance)]
    if summary.super_loyal:
        found.append(sentence(SUPER_LOYAL, strong=True))
    if rarity is not None:
        found.extend(_rare(summary, rarity))
    if by_hand:
        found.append(sentence(N_("Chosen by hand."), strong=True))
    return tuple(found)


def _bought(summary: CustomerSummary) -> Sentence:
    total = Money(summary.amount, summary.currency)
    days = (summary.last_order_on - summary.first_order_on).days
    if summary.orders == 1:
        return sentence(N_("1 order, {total}."), total=total)
    if days == 0:
        return sentence(N_("{orders} orders on one day, {total} in all."), orders=summary.orders, total=total)
    return sentence(
        N_("{orders} orders over {span}, {total} in all."), orders=summary.orders, span=Span(days), total=total
    )


def _stop_or_pace(summary: CustomerSummary) -> Iterator[Sentence]:
    stopped = summary.customer_class in STOPPED
    if stopped and summary.stop_point is not None:
        yield _stop(summary.stop_point)
    if stopped and (summary.stop_point is None or summary.stop_point.ending != "cancelled"):
        yield _silence(summary)
    if not stopped:
        yield from _pace(summary)


def _stop(stop: StopPoint) -> Sentence:
    kind, product = Term(KIND_LABELS[stop.kind]), plain_product(stop.product)
    if stop.ending == "cancelled":
        if product:
            return sentence(
                N_("Cancelled after order {n} of {product} ({kind})."), kind=kind, n=stop.number, product=product
            )
        return sentence(N_("Cancelled after order {n} ({kind})."), kind=kind, n=stop.number)
    if product:
        return sentence(N_("Stopped after order {n} of {product} ({kind})."), kind=kind, n=stop.number, product=product)
    return sentence(N_("Stopped after order {n} ({kind})."), kind=kind, n=stop.number)


def _silence(summary: CustomerSummary) -> Sentence:
    gap = round(summary.mean_gap_days or 0)
    if gap < 1:
        return sentence(N_("{days} days since the last order."), days=summary.days_since_last)
    return sentence(
        N_("{days} days since the last order; the own pace was {gap} days."), days=summary.days_since_last, gap=gap
    )


def _pace(summary: CustomerSummary) -> Iterator[Sentence]:
    gap = round(summary.mean_gap_days or 0)
    if gap < 1:
        return
    if summary.days_since_last <= gap * ONCE_OWN_PACE:
        yield sentence(N_("Lately too within the own pace (every {gap} days on average)."), gap=gap)
    else:
        yield sentence(
            N_("{days} days since the last order, slower than the own pace (every {gap} days on average)."),
            days=summary.days_since_last, gap=gap,
        )  # fmt: skip


def _alike_came_back(chance: Explanation | None) -> Iterator[Sentence]:
    """Say what became of people like this one on earlier days: counted, so that anybody can follow it."""
    share = chance.alike_share if chance else None
    if chance and share is not None and (chance.alike_people or 0) >= ENOUGH_ALIKE:
        yield sentence(ALIKE_CAME_BACK, share=round(100 * share), days=WITHIN_DAYS)


def _rare(summary: CustomerSummary, rarity: Rarity) -> Iterator[Sentence]:
    label = Term(CLASS_LABELS[summary.customer_class])
    alike = _alike(summary)
    if not alike:
        return
    kind = Term(alike)
    if rarity.people == 1:
        yield sentence(
            N_("The only {customer_class} customer with {kind}."), strong=True, customer_class=label, kind=kind
        )
    elif rarity.people <= RARE_CELL_PEOPLE:
        yield sentence(
            N_("One of only {people} {customer_class} customers with {kind}."),
            strong=True, people=rarity.people, customer_class=label, kind=kind,
        )  # fmt: skip
    elif rarity.taken == 0:
        yield sentence(
            N_("Nobody has been heard yet of the {people} {customer_class} customers with {kind}."),
            people=rarity.people, customer_class=label, kind=kind,
        )  # fmt: skip


def _alike(summary: CustomerSummary) -> str:
    """Return what people of the cell share, as far as the data tells it."""
    known = bool(summary.first_product or summary.sales_channel)
    if summary.stop_point:
        return SAME_STOP if known else SAME_STOP_ONLY
    return SAME_START if known else ""
