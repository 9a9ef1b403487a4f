"""The account of a file: every row and every yen by kind, as a table that adds up and as steps of a bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from app.core.i18n import N_
from app.purchases.import_schemas import CheckReport
from app.web.charts.bars import Segment, stacked

WIDTH = Decimal(1000)
LEAST = 3.0
NOTHING = Decimal(0)
LABELS: Mapping[str, str] = {
    "sale": N_("Sales"),
    "cancel": N_("Cancel slips"),
    "return": N_("Returned goods"),
    "cancelled": N_("Cancelled orders"),
    "returned": N_("Returned orders"),
    "pending": N_("Orders not settled yet"),
    "shipping": N_("Shipping"),
    "fee": N_("Fees"),
    "discount": N_("Discounts"),
    "tax": N_("Tax"),
    "points": N_("Points"),
    "known": N_("Already there"),
    "held_back": N_("Held back"),
    "taken": N_("Taken"),
}
NOTES: Mapping[str, str] = {
    "cancel": N_("Negative rows; they are taken off the order they belong to"),
    "return": N_("Negative rows; they are taken off the order they belong to"),
    "cancelled": N_("Their state says so; the amount does not count"),
    "returned": N_("Their state says so; the amount does not count"),
    "pending": N_("Payment is still under way; the amount does not count"),
    "known": N_("The same rows came with an earlier file; nothing counts twice"),
    "held_back": N_("A value could not be read"),
}
PAINTS: Mapping[str, str] = {
    "sale": "c-bar", "taken": "c-bar", "cancel": "c-less", "return": "c-less", "known": "c-bar-2", "held_back": "c-held",
    "cancelled": "c-void", "returned": "c-void", "pending": "c-void",
}  # fmt: skip
ALWAYS = frozenset({"sale", "taken", "known", "held_back"})
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Count as purchases"), ("sale", "cancel", "return")),
    (N_("Rows that come in"), ("taken",)),
    (N_("Taken in, but no purchases"), ("cancelled", "returned", "pending")),
    (N_("Rows that are no goods"), ("shipping", "fee", "discount", "tax", "points")),
    (N_("Not taken in"), ("known", "held_back")),
)


class Part(NamedTuple):
    """Rows and money of one kind."""

    kind: str
    rows: int
    amount: Decimal


@dataclass(frozen=True)
class AccountRow:
    """One kind of rows: how many, how much, and its step on the bar."""

    kind: str
    label: str
    note: str
    rows: int
    amount: Decimal
    step: Segment


@dataclass(frozen=True)
class AccountGroup:
    """Kinds that are treated alike, with their sum."""

    title: str
    lines: tuple[AccountRow, ...]
    rows: int
    amount: Decimal


@dataclass(frozen=True)
class Account:
    """Everything a file holds; `adds_up` tells that the kinds make the file's own totals."""

    currency: str
    rows: int
    amount: Decimal
    groups: tuple[AccountGroup, ...]
    row_bar: tuple[Segment, ...]
    whole: Segment
    zero: float
    adds_up: bool


def account_of(report: CheckReport, currency: str) -> Account:
    """Return the account of a checked file; its amounts are all in one currency."""
    lines = [line for line in _lines(report, currency) if line.rows or line.kind in ALWAYS]
    total = report.file_amount.get(currency, sum((line.amount for line in lines), NOTHING))
    ordered = sorted(lines, key=lambda line: ORDER.index(line.kind))
    scale = _Scale.over(ordered)
    rows = [_row(line, start, scale) for line, start in zip(ordered, scale.starts, strict=True)]
    return Account(
        currency=currency,
        rows=report.rows_read,
        amount=total,
        groups=tuple(_group(title, [row for row in rows if row.kind in kinds]) for title, kinds in GROUPS),
        row_bar=stacked(tuple((PAINTS.get(line.kind, "c-fee"), Decimal(line.rows)) for line in ordered)),
        whole=scale.step(NOTHING, total, "c-whole"),
        zero=scale.place(NOTHING),
        adds_up=sum(line.rows for line in lines) == report.rows_read
        and sum((line.amount for line in lines), NOTHING) == total,
    )


ORDER = tuple(kind for _, kinds in GROUPS for kind in kinds)


def _lines(report: CheckReport, currency: str) -> Sequence[Part]:
    if report.account:
        return [Part(line.kind, line.rows, line.amount) for line in report.account]
    # files of other tables hold no money, and reports of earlier versions no account by kind
    taken = sum(
        (part.get(currency, NOTHING) for part in (report.amount, report.void_amount, report.fee_amount)), NOTHING
    )
    return (
        Part("taken", report.taken, taken),
        Part("known", report.known, report.known_amount.get(currency, NOTHING)),
        Part("held_back", report.held_back_rows, report.held_back_amount.get(currency, NOTHING)),
    )


def _row(line: Part, start: Decimal, scale: "_Scale") -> AccountRow:
    paint = PAINTS.get(line.kind, "c-fee")
    return AccountRow(
        line.kind, LABELS[line.kind], NOTES.get(line.kind, ""), line.rows, line.amount,
        scale.step(start, start + line.amount, paint),
    )  # fmt: skip


def _group(title: str, rows: Sequence[AccountRow]) -> AccountGroup:
    return AccountGroup(title, tuple(rows), sum(row.rows for row in rows), sum((row.amount for row in rows), NOTHING))


@dataclass(frozen=True)
class _Scale:
    """Where each kind's step starts: at the sum of those before it."""

    low: Decimal
    high: Decimal
    starts: tuple[Decimal, ...]

    @classmethod
    def over(cls, lines: Sequence[Part]) -> "_Scale":
        sums = [NOTHING]
        for line in lines:
            sums.append(sums[-1] + line.amount)
        return cls(min(sums), max(sums), tuple(sums[:-1]))

    def place(self, amount: Decimal) -> float:
        span = self.high - self.low
        return round(float((amount - self.low) / span * WIDTH), 1) if span else 0.0

    def step(self, start: Decimal, end: Decimal, paint: str) -> Segment:
        left, right = sorted((self.place(start), self.place(end)))
        if start == end:
            return Segment(left, 0.0, paint)
        width = max(right - left, LEAST)
        return Segment(round(min(left, float(WIDTH) - width), 1), round(width, 1), paint)
