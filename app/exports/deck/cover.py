"""The first slide of a deck: what it is about, for whom it is cut, as of which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.boards.schemas import LeftOut, View
from app.core.i18n import Translator
from app.exports.deck.fit import clean, shorten
from app.exports.deck.ink import ACCENT, INK, INK_2, INK_3
from app.exports.deck.sheet import EDGE, WIDTH, Box, Footer, Para, Pen, Run, para
from app.exports.deck.voices import class_run
from app.purchases.classes import CLASS_LABELS, CustomerClass

TITLE_SIZE = 40.0
FACT_TOP, FACT_ROW, FACT_WIDTH = 266.0, 50.0, 436.0


@dataclass(frozen=True, slots=True)
class Fact:
    """One named figure."""

    label: str
    value: str


def footer(t: Translator, as_of: date | None, about: str) -> Footer:
    """Return the foot of every slide: what it is about, and the as-of date."""
    day = t("As of {day}", day=t.date(as_of)) if as_of else t("No purchase data")
    return Footer(left=shorten(clean(about), size=11, width=540, lines=1), note=day)


def scope_note(t: Translator, view: View, left_out: LeftOut) -> str:
    """Return for whom the file is cut and what it leaves out."""
    who = (
        t("For planners: days from the first order, rounded amounts, only voices released for planning.")
        if view is View.PLANNER
        else t("For researchers: voices released for use inside the company.")
    )
    if not left_out.quotes:
        return who
    out = t.plural(
        "{n} voice outside the scope is left out.", "{n} voices outside the scope are left out.", n=left_out.quotes
    )
    return f"{who} {out}"


def cover(
    pen: Pen,
    t: Translator,
    *,
    kicker: str,
    title: str,
    facts: Sequence[Fact],
    as_of: date | None,
    view: View,
    left_out: LeftOut,
    customer_class: CustomerClass | None = None,
) -> None:
    """Draw the first slide."""
    pen.rect(Box(0, 0, 14, 540), fill=ACCENT)
    room = WIDTH - 2 * EDGE
    pen.text(
        Box(EDGE, 92, room, 24), (para(shorten(clean(kicker), size=14, width=room, lines=1), size=14, color=INK_2),)
    )
    name = shorten(clean(title), size=TITLE_SIZE, width=room, lines=1)
    pen.text(Box(EDGE, 122, room, 62), (para(name, size=TITLE_SIZE, bold=True, color=INK),), name="title")
    if customer_class is not None:
        mark = class_run(customer_class, t(CLASS_LABELS[customer_class]), 16)
        pen.text(Box(EDGE, 192, room, 26), (Para((mark,)),))
    pen.line((EDGE, 240), (WIDTH - EDGE, 240))
    for place, fact in enumerate(facts):
        x = EDGE + (place % 2) * FACT_WIDTH
        y = FACT_TOP + (place // 2) * FACT_ROW
        draw_fact(pen, fact, x, y)
    day = t("As of {day}", day=t.date(as_of)) if as_of else t("No purchase data")
    note = Para((Run(f"{day}   ", 12, bold=True, color=INK), Run(scope_note(t, view, left_out), 12, color=INK_3)))
    pen.text(Box(EDGE, 464, room, 38), (note,))


def draw_fact(pen: Pen, fact: Fact, x: float, y: float) -> None:
    """Draw a label and its value beside it, on two lines at most."""
    pen.text(Box(x, y, 110, 18), (para(fact.label, size=12, color=INK_3),))
    value = shorten(clean(fact.value), size=14, width=FACT_WIDTH - 140, lines=2)
    pen.text(Box(x + 110, y - 2, FACT_WIDTH - 134, 42), (para(value, size=14, bold=True),))
