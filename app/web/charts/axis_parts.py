"""Small parts of the time axis: ticks, labels between and under the orders, the subscription bars."""

from dataclasses import dataclass
from itertools import pairwise

from app.purchases.catalogue.fitting import BEFORE_FIRST
from app.purchases.schemas import CANCELLED
from app.purchases.timelines import plain_product
from app.web.charts.marks import SUBSCRIPTION, Marks, Scale
from app.web.charts.voices import width_of

MONTH = 30.4375
STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
NAME = 9
MARGIN = 22.0
EVENT_WORDS = 92.0  # as wide as the longest name of what a shop does


@dataclass(frozen=True, slots=True)
class Tick:
    """A month mark: months after the first order."""

    x: float
    months: int


@dataclass(frozen=True, slots=True)
class Label:
    """A short text at x: days of a gap, an order kind, or a product name that came in; `strong` stands out."""

    x: float
    text: str
    days: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class SubscriptionBar:
    """A stretch of subscription orders: how many, from x for width, and whether it ran on to the as-of date."""

    x: float
    width: float
    orders: int
    labelled: bool


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Something that happened at x: the customer's own as a sign, the whole shop's as a thin line.

    `labelled`: there is room for the words beside the line.
    """

    x: float
    kind: str
    own: bool
    day: int
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The stretch of the loyalty trigger; `percent` is its middle in even percent of the figure's width."""

    x: float
    width: float
    percent: int


def ticks(scale: Scale, *, least: float) -> tuple[Tick, ...]:
    """Return month marks at least `least` units apart, leaving room for the words at both ends."""
    per_month = (scale.right - scale.left) * MONTH / max(scale.last_day - scale.first_day, 1)
    step = next((months for months in STEPS if months * per_month >= least), STEPS[-1])
    months = range(step, int((scale.last_day - scale.first_day) / MONTH) + 1, step)
    found = tuple(Tick(x=scale.x(count * MONTH), months=count) for count in months)
    return tuple(tick for tick in found if scale.left + 46 <= tick.x <= scale.right - 84)


def gap_labels(marks: Marks, scale: Scale, *, strong: int | None) -> tuple[Label, ...]:
    """Return the days between orders where there is room for them; the gap after order `strong` always."""
    found = []
    for earlier, later in pairwise(marks.orders):
        start, end = scale.x(earlier.day), scale.x(later.day)
        emphasis = earlier.number == strong
        if emphasis or (end - start >= 50 and len(marks.orders) <= 12):
            days = later.day - earlier.day
            found.append(Label(x=round((start + end) / 2, 1), text="", days=days, strong=emphasis))
    return tuple(found)


def kind_labels(marks: Marks, scale: Scale) -> tuple[Label, ...]:
    """Return the kind under each order where it changes, except where a subscription's bar runs."""
    bars = subscriptions(marks, scale)
    found: list[Label] = []
    before = ""
    for mark in marks.orders:
        x = scale.x(mark.day)
        covered = any(bar.x - 22 <= x <= bar.x + bar.width + 22 for bar in bars)
        if mark.kind not in (before, SUBSCRIPTION) and not covered and (not found or x - found[-1].x >= 44):
            found.append(Label(x=x, text=mark.kind))
        before = mark.kind
    return tuple(found)


def product_labels(marks: Marks, scale: Scale) -> tuple[Label, ...]:
    """Return each product's name at the order where it first came in, the first order left out, without overlaps."""
    known = {plain_product(name) for name in marks.orders[0].products} if marks.orders else set()
    found: list[Label] = []
    end = float("-inf")
    for mark in marks.orders[1:]:
        fresh = [name for name in map(plain_product, mark.products) if name not in known]
        known.update(fresh)
        if not fresh:
            continue
        text = fresh[0] if len(fresh[0]) <= NAME else fresh[0][: NAME - 1] + "…"
        half = (width_of(text) + 1) * 6.2
        x = min(max(scale.x(mark.day), scale.left), scale.right - half)
        if x - half > end + 6:
            found.append(Label(x=round(x, 1), text=text))
            end = x + half
    return tuple(found)


def event_places(marks: Marks, scale: Scale) -> tuple[EventPlace, ...]:
    """Return where other things than orders and cancels happened; what came before the first order stands in the margin."""
    shown = [event for event in marks.events if event.kind != CANCELLED and event.day <= scale.last_day]
    lines = [_event_x(event.day, scale) for event in shown if not event.own]
    room = {x for x, after in pairwise([*lines, scale.right]) if after - x >= EVENT_WORDS}
    return tuple(
        EventPlace(x=x, kind=event.kind, own=event.own, day=event.day, labelled=not event.own and x in room)
        for event, x in ((event, _event_x(event.day, scale)) for event in shown)
    )


def _event_x(day: int, scale: Scale) -> float:
    """Return the x of a day; the margin left of the first order holds as many days as a timeline reaches back."""
    if day >= 0:
        return scale.x(day)
    return round(scale.left - MARGIN * min(-day / BEFORE_FIRST.days, 1), 1)


def subscriptions(marks: Marks, scale: Scale) -> tuple[SubscriptionBar, ...]:
    """Return one bar per run of subscription orders, to its cancellation, else to the as-of date if it is the last."""
    stops = sorted(event.day for event in marks.events if event.kind == CANCELLED)
    runs: list[list[int]] = []
    current: list[int] = []
    stop_at = 0
    for day in [mark.day for mark in marks.orders if mark.kind == SUBSCRIPTION]:
        while stop_at < len(stops) and stops[stop_at] < day:
            stop_at += 1
            if current:
                runs.append(current)
                current = []
        current.append(day)
    if current:
        runs.append(current)
    return tuple(_bar(run, stops, scale, last=run is runs[-1]) for run in runs)


def _bar(run: list[int], stops: list[int], scale: Scale, *, last: bool) -> SubscriptionBar:
    ended = next((day for day in stops if day >= run[-1]), None)
    end = ended if ended is not None else (scale.last_day if last else run[-1])
    start, finish = scale.x(run[0]), scale.x(end)
    width = round(max(finish - start, 6.0), 1)
    return SubscriptionBar(x=start, width=width, orders=len(run), labelled=width >= 92)
