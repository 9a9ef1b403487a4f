"""Orders and voices on one time axis: the wide figure of a person board, and its small narrow twin."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.purchases.schemas import CANCELLED
from app.web.charts.axis_parts import (
    Band,
    EventPlace,
    Label,
    SubscriptionBar,
    Tick,
    event_places,
    gap_labels,
    kind_labels,
    product_labels,
    subscriptions,
    ticks,
)
from app.web.charts.marks import TRIAL, Dot, Marks, Radius, Scale, largest_amount, radius_for, usual_gap
from app.web.charts.voices import PlacedVoice, Voice, place

WIDE = 1180
LEFT = 58.0
RIGHT = 1152.0
PRE = 178.0
NARROW = 340
LEAST_BAND = 22.0
MOST_VOICES = 7
RINGED = 6.0
NUMBERED = 8.0


@dataclass(frozen=True, slots=True)
class AxisOrder:
    """One order on the axis: its dot, rings for products beyond the first, and whether its number fits inside."""

    dot: Dot
    rings: tuple[float, ...]
    numbered: bool
    day: int
    kind: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The wide figure. Texts are facts (days, kinds, names); the template says the words.

    `top` is the end of the voices' lines and the top of the band, `rail_y` where the orders sit.
    """

    width: int
    height: int
    left: float
    right: float
    first_x: float
    as_of_x: float
    top: float
    rail_y: float
    axis_y: float
    has_pre: bool
    rail: str
    rail_off: str
    cross: str
    orders: tuple[AxisOrder, ...]
    bars: tuple[SubscriptionBar, ...]
    gaps: tuple[Label, ...]
    kinds: tuple[Label, ...]
    products: tuple[Label, ...]
    ticks: tuple[Tick, ...]
    voices: tuple[PlacedVoice, ...]
    band: Band | None
    events: tuple[EventPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class NarrowAxis:
    """The small figure for phones; the list below it says everything in words."""

    width: int
    height: int
    left: float
    first_x: float
    as_of_x: float
    rail_y: float
    rail: str
    cross: str
    dots: tuple[Dot, ...]
    bars: tuple[SubscriptionBar, ...]
    ticks: tuple[Tick, ...]
    band: Band | None


def time_axis(
    marks: Marks,
    *,
    voices: Sequence[Voice] = (),
    turn: tuple[int, int] | None = None,
    turn_order: int | None = None,
) -> TimeAxis:
    """Return the wide figure.

    `turn` is (from_day, to_day) of the loyalty trigger, `turn_order` the number k of the order it follows.
    At most seven voices are pinned, the first given; the list twin holds them all.
    """
    shown = list(voices)[:MOST_VOICES]
    before = [voice for voice in shown if voice.day is None or voice.day < 0]
    first_x = LEFT + PRE if before else LEFT + 24
    scale = Scale(first_day=0, last_day=max(marks.as_of_day, 1), left=first_x, right=RIGHT)
    top = 100.0 if shown else 14.0
    rail_y = top + (108.0 if shown else 48.0)
    radius = _radius(marks, scale)
    orders = _orders(marks, scale, radius)
    pinned = place(_targets(shown, before, scale), left=LEFT, right=RIGHT + 22, top=top - 4, bottom=rail_y - 38)
    return TimeAxis(
        width=WIDE,
        height=int(rail_y + 112),
        left=LEFT,
        right=RIGHT,
        first_x=first_x,
        as_of_x=RIGHT,
        top=top,
        rail_y=rail_y,
        axis_y=rail_y + 84,
        has_pre=bool(before),
        rail=_rail(orders, marks, scale, rail_y),
        rail_off=_rail_off(marks, scale, rail_y),
        cross=_cross(marks, scale, rail_y),
        orders=orders,
        bars=subscriptions(marks, scale),
        gaps=gap_labels(marks, scale, strong=turn_order),
        kinds=kind_labels(marks, scale),
        products=product_labels(marks, scale),
        ticks=ticks(scale, least=96.0),
        voices=pinned,
        band=band_of(turn, scale),
        events=event_places(marks, scale),
    )


def narrow_axis(marks: Marks, *, turn: tuple[int, int] | None = None) -> NarrowAxis:
    """Return the small figure, 340 units wide."""
    scale = Scale(first_day=0, last_day=max(marks.as_of_day, 1), left=16.0, right=NARROW - 14.0)
    radius = radius_for(largest_amount(marks), widest=7.5, smallest=3.0)
    rail_y = 40.0
    dots = tuple(
        Dot(scale.x(mark.day), radius.of(mark.amount), mark.kind == TRIAL, mark.number) for mark in marks.orders
    )
    return NarrowAxis(
        width=NARROW,
        height=92,
        left=16.0,
        first_x=scale.left,
        as_of_x=scale.right,
        rail_y=rail_y,
        rail=f"M{dots[0].cx} {rail_y}H{dots[-1].cx}" if dots else "",
        cross=_cross(marks, scale, rail_y),
        dots=dots,
        bars=subscriptions(marks, scale),
        ticks=ticks(scale, least=76.0),
        band=band_of(turn, scale),
    )


def band_of(turn: tuple[int, int] | None, scale: Scale) -> Band | None:
    """Return the trigger's band, never thinner than 22 units, and where its middle is in percent of the figure."""
    if turn is None:
        return None
    start, end = scale.x(turn[0]), scale.x(turn[1])
    missing = max(LEAST_BAND - (end - start), 0.0) / 2
    middle = (start + end) / 2
    percent = round(middle / (scale.right + WIDE - RIGHT) * 50) * 2
    return Band(x=round(start - missing, 1), width=round(end - start + 2 * missing, 1), percent=percent)


def _radius(marks: Marks, scale: Scale) -> Radius:
    """Dots shrink when orders stand close together, so that neighbours stay apart."""
    gap = usual_gap(marks, scale)
    widest = 14.0 if gap is None else min(14.0, max(5.0, gap * 0.42))
    return radius_for(largest_amount(marks), widest=widest, smallest=min(4.5, widest))


def _orders(marks: Marks, scale: Scale, radius: Radius) -> tuple[AxisOrder, ...]:
    dots = [Dot(scale.x(mark.day), radius.of(mark.amount), mark.kind == TRIAL, mark.number) for mark in marks.orders]
    covered = {dot.number for dot, later in pairwise(dots) if later.cx - dot.cx < dot.r + later.r}
    found = []
    for mark, dot in zip(marks.orders, dots, strict=True):
        extras = min(max(len(mark.products) - 1, 0), 3) if dot.r >= RINGED else 0
        found.append(
            AxisOrder(
                dot=dot,
                rings=tuple(round(dot.r + 4.5 + 3 * at, 1) for at in range(extras)),
                numbered=dot.r >= NUMBERED and not dot.hollow and dot.number not in covered,
                day=mark.day,
                kind=mark.kind,
                products=mark.products,
            )
        )
    return tuple(found)


def _targets(shown: list[Voice], before: list[Voice], scale: Scale) -> list[tuple[Voice, float]]:
    """Voices from before the first order stand evenly in the stretch left of it, in the order of the journey."""
    stages = list(type(before[0].stage)) if before else []
    early = sorted(before, key=lambda voice: stages.index(voice.stage))
    step = (PRE - 40) / max(len(early), 1)
    targets = [(voice, round(LEFT + 24 + step * at, 1)) for at, voice in enumerate(early)]
    later = [
        (voice, scale.x(min(voice.day, scale.last_day))) for voice in shown if voice.day is not None and voice.day >= 0
    ]
    return targets + later


def _rail(orders: tuple[AxisOrder, ...], marks: Marks, scale: Scale, y: float) -> str:
    if not orders:
        return ""
    end = scale.x(marks.cancelled_day) if marks.cancelled_day is not None else orders[-1].dot.cx
    return f"M{orders[0].dot.cx} {y}H{end}"


def _rail_off(marks: Marks, scale: Scale, y: float) -> str:
    if not marks.orders or marks.cancelled_day is not None:
        return ""
    return f"M{scale.x(marks.last_day)} {y}H{scale.right}"


def _cross(marks: Marks, scale: Scale, y: float) -> str:
    """One cross per cancellation, a little right of its day so that it stands beside a dot of the same day."""
    days = [event.day for event in marks.events if event.kind == CANCELLED]
    places = [min(scale.x(day) + 10, scale.right) for day in days]
    return "".join(f"M{x - 5:.1f} {y - 5}l10 10m0 -10l-10 10" for x in places)
