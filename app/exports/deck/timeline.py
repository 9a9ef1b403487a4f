"""The purchase timeline of one person in native shapes: rail, dots by amount, turn band, voices above."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.boards.one.pins import BEFORE, Pin, pins
from app.boards.relative import DAYS_PER_MONTH, months
from app.boards.schemas import BoardOrder, PersonBoard
from app.candidates.sentences import say_span
from app.core.i18n import Translator
from app.exports.deck.fit import clean, height, shorten
from app.exports.deck.ink import ACCENT, ACCENT_TINT_2, CONTROL, INK, INK_2, INK_3, LINE_2, PAPER, SUNKEN, edge
from app.exports.deck.sheet import BODY, Box, Para, Pen, Run, para
from app.exports.deck.voices import banner, seal
from app.language.codebook import STAGE_SHORT, Stage
from app.purchases.schemas import CANCELLED

PRE_WIDTH = 120.0
RAIL_Y, TICK_Y = 318.0, 402.0
LANE_TOP = BODY.y
VOICE_SIZE, VOICE_LINES, LABEL_SIZE = 13.0, 5, 11.0
VOICE_BOTTOM = LANE_TOP + 26 + VOICE_LINES * VOICE_SIZE * 1.45
LARGEST_DOT, SMALLEST_DOT, NUMBERED = 17.0, 3.5, 7.5
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
MOST_TICKS = 9
EARLY = len(BEFORE)


@dataclass(frozen=True, slots=True)
class Axis:
    """Days to points: the time before the first order has a fixed strip of its own."""

    left: float
    right: float
    days: int

    def x(self, day: int) -> float:
        """Return the place of a day."""
        return self.left + (self.right - self.left) * day / max(self.days, 1)


def axis(board: PersonBoard) -> Axis:
    """Return the axis from the first order to the as-of date."""
    last = max([board.as_of_day, *(order.day for order in board.orders), *(event.day for event in board.events)])
    return Axis(left=BODY.x + PRE_WIDTH, right=BODY.x + BODY.width - 24, days=max(last, 1))


def draw_timeline(pen: Pen, board: PersonBoard, t: Translator) -> None:
    """Draw everything on one slide."""
    scale = axis(board)
    pen.rect(Box(BODY.x, VOICE_BOTTOM + 18, PRE_WIDTH, TICK_Y - VOICE_BOTTOM - 18), fill=SUNKEN)
    draw_turn(pen, board, scale)
    draw_axis(pen, scale, t)
    pen.line((BODY.x + 8, RAIL_Y), (scale.left, RAIL_Y), color=CONTROL, weight=1.5, dashed=True)
    if board.orders:
        pen.line((scale.left, RAIL_Y), (scale.x(board.orders[-1].day), RAIL_Y), color=ACCENT, weight=2)
    draw_subscription(pen, board, scale, t)
    draw_pins(pen, pins(board), scale, t)
    for order, radius in zip(board.orders, radii(board.orders, scale), strict=True):
        draw_order(pen, order, scale.x(order.day), radius)
    for event in board.events:
        if event.kind == CANCELLED:
            draw_cross(pen, scale.x(event.day))


def draw_turn(pen: Pen, board: PersonBoard, scale: Axis) -> None:
    """Draw the band of the interval in which the trigger lies."""
    turning = board.turning
    if turning is None or not turning.after_order:
        return
    left, right = scale.x(turning.from_day), scale.x(turning.to_day)
    banner(pen, Stage.LOYALTY_TRIGGER, Box(left, VOICE_BOTTOM + 18, max(right - left, 6), TICK_Y - VOICE_BOTTOM - 18))


def draw_axis(pen: Pen, scale: Axis, t: Translator) -> None:
    """Draw ticks in whole months from the first order, and the as-of date at the end."""
    pen.line((BODY.x, TICK_Y), (BODY.x + BODY.width, TICK_Y), color=LINE_2)
    pen.text(Box(BODY.x + 6, TICK_Y + 6, PRE_WIDTH - 12, 18), (para(t("Before buying"), size=LABEL_SIZE, color=INK_3),))
    tick(pen, scale.left, t("First order"), color=INK)
    step = next((step for step in MONTH_STEPS if months(scale.days) / step <= MOST_TICKS), MONTH_STEPS[-1])
    for month in range(step, months(scale.days) + 1, step):
        x = scale.x(round(month * float(DAYS_PER_MONTH)))
        if x < scale.right - 60:
            tick(pen, x, say_span(round(month * float(DAYS_PER_MONTH)), t), color=INK_3)
    tick(pen, scale.right, t("As of"), color=INK)


def tick(pen: Pen, x: float, text: str, *, color: str) -> None:
    pen.line((x, TICK_Y - 4), (x, TICK_Y + 4), color=LINE_2)
    pen.text(Box(x - 45, TICK_Y + 6, 90, 18), (para(text, size=LABEL_SIZE, color=color, align="center"),))


def draw_subscription(pen: Pen, board: PersonBoard, scale: Axis, t: Translator) -> None:
    """Draw a band below the orders from the first to the last subscription order."""
    days = [order.day for order in board.orders if order.kind == "subscription"]
    if not days:
        return
    left, right = scale.x(days[0]), max(scale.x(days[-1]), scale.x(days[0]) + 6)
    pen.rect(Box(left, RAIL_Y + 26, right - left, 18), fill=ACCENT_TINT_2)
    text = t.plural("Subscription, {n} order", "Subscription, {n} orders", n=len(days))
    pen.text(Box(left + 6, RAIL_Y + 27, 200, 17), (para(text, size=LABEL_SIZE, bold=True, color=ACCENT),))


def radii(orders: Sequence[BoardOrder], scale: Axis) -> list[float]:
    """Return dot radii: area in proportion to the amount, the largest no wider than the closest neighbours allow."""
    if not orders:
        return []
    gaps = [scale.x(later.day) - scale.x(earlier.day) for earlier, later in pairwise(orders)]
    typical = sorted(gaps)[len(gaps) // 2] if gaps else LARGEST_DOT * 2
    most = max(min(LARGEST_DOT, typical * 0.6), SMALLEST_DOT * 1.6)
    top = max((float(order.amount.value) for order in orders), default=0.0)
    return [max(SMALLEST_DOT, most * (float(order.amount.value) / top) ** 0.5 if top > 0 else 0) for order in orders]


def draw_order(pen: Pen, order: BoardOrder, x: float, radius: float) -> None:
    """Draw one order: filled, hollow for a trial, its number inside where there is room."""
    box = Box(x - radius, RAIL_Y - radius, 2 * radius, 2 * radius)
    hollow = order.kind == "trial"
    dot = pen.oval(box, fill=PAPER if hollow else ACCENT, line=ACCENT if hollow else PAPER)
    if radius >= NUMBERED:
        pen.label(dot, Run(str(order.number), 11, bold=True, color=ACCENT if hollow else PAPER))


def draw_cross(pen: Pen, x: float) -> None:
    """Draw the cancel of a subscription."""
    for start, end in (((-6, -6), (6, 6)), ((-6, 6), (6, -6))):
        pen.line(
            (x + start[0], RAIL_Y + start[1]), (x + end[0], RAIL_Y + end[1]), color=INK, weight=2.5
        )  # fmt: skip


def draw_pins(pen: Pen, shown: Sequence[Pin], scale: Axis, t: Translator) -> None:
    """Draw the voices in equal columns with a connector to their day where it is known."""
    if not shown:
        return
    width = BODY.width / len(shown)
    for place, pin in enumerate(shown):
        left = BODY.x + place * width
        draw_pin(pen, pin, Box(left, LANE_TOP, width - 14, VOICE_BOTTOM - LANE_TOP), t)
        target = pin_x(pin, place, scale)
        if target is not None:
            draw_lead(pen, left + 10, target, edge(pin.quote.stage))


def draw_lead(pen: Pen, start: float, target: float, color: str) -> None:
    """Lead from a voice to its day: down, across, down to the rail."""
    upper, lower = VOICE_BOTTOM + 4, VOICE_BOTTOM + 44
    points = [(start, upper), (start, upper + 10), (target, lower), (target, RAIL_Y - 22)]
    for one, other in pairwise(points):
        pen.line(one, other, color=color, weight=1)


def pin_x(pin: Pin, place: int, scale: Axis) -> float | None:
    """Return where a voice points: into the strip before the first order, to its day, or nowhere."""
    if pin.before:
        return BODY.x + PRE_WIDTH * (place + 1) / (EARLY + 1)
    return None if pin.day is None else scale.x(min(pin.day, scale.days))


def draw_pin(pen: Pen, pin: Pin, box: Box, t: Translator) -> None:
    """Draw one voice: seal, the stage's short name, the words."""
    stage = pin.quote.stage
    seal(pen, stage, box.x, box.y, side=20)
    name = Para((Run(t(STAGE_SHORT[stage]), LABEL_SIZE, bold=stage is Stage.LOYALTY_TRIGGER, color=INK_2),))
    pen.text(Box(box.x + 26, box.y + 2, box.width - 26, 17), (name,))
    words = shorten(f"「{clean(pin.text)}」", size=VOICE_SIZE, width=box.width, lines=VOICE_LINES)
    text_box = Box(box.x, box.y + 26, box.width, height(VOICE_LINES, VOICE_SIZE))
    pen.text(text_box, (para(words, size=VOICE_SIZE, voice=True),))
