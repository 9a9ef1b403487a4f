"""What the page of movement shows: two days or the last change of the data, as a table, a figure and four numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Literal
from urllib.parse import urlencode

from sqlmodel import Session

from app.core.i18n import N_
from app.purchases.builds import NotCounted
from app.purchases.classes import STOPPED
from app.purchases.models import ImportRun
from app.purchases.movement import kept, queries
from app.purchases.movement.fields import FIELD, written
from app.purchases.movement.queries import BadDays, Days
from app.purchases.movement.schemas import (
    ANY,
    AWAY,
    CLASSES,
    GONE,
    HEADLINES,
    MERGED,
    NONE,
    SPLIT,
    TYPES,
    Arrows,
    Kept,
    Moves,
)
from app.purchases.movement.words import PLACES
from app.purchases.queries import get_import
from app.purchases.schemas import SourceLimits
from app.purchases.store import OrdersStore
from app.web.charts.flow import Flow, Tone, flow
from app.web.forms import FieldError

Standing = Literal["none", "waiting", "counting", "there"]
STEPS = 5
IMPORTS_SHOWN = 8
NARROW_WIDTH, NARROW_SIDE = 350, 96
BACK = (30, 90, 180, 365)
Ends = tuple[date, date] | None


@dataclass(frozen=True)
class MoveCell:
    """People of one arrow; `step` is how dark the cell is, `query` is empty where no rule can open them."""

    after: str
    people: int
    share: float | None
    step: int
    stayed: bool
    query: str


@dataclass(frozen=True)
class MoveRow:
    """Everybody who stood at one place before."""

    before: str
    people: int
    query: str
    cells: tuple[MoveCell, ...]


@dataclass(frozen=True)
class MoveTable:
    """From places (rows) to places (columns) with the people of each column in the last line."""

    after: tuple[str, ...]
    rows: tuple[MoveRow, ...]
    totals: tuple[MoveCell, ...]


@dataclass(frozen=True)
class Headline:
    """One of the numbers that are read first."""

    name: str
    people: int
    query: str


@dataclass(frozen=True)
class Shown:
    """What moved, ready to be shown; `days` is None where it is the last change of the data or one of an import."""

    days: Ends
    headlines: tuple[Headline, ...]
    came: int
    came_query: str
    went: int
    merged: int
    split: int
    classes: MoveTable
    types: MoveTable
    flows: tuple[Flow, Flow] | None
    moved: int
    types_moved: int
    everybody: int

    @property
    def anybody(self) -> bool:
        """Whether anybody came, went, or stands elsewhere now, by class or by type."""
        return bool(self.moved or self.came or self.went or self.merged or self.split or self.types_moved)


@dataclass(frozen=True)
class ImportMoves:
    """An import with the numbers that are read first, as they stayed with it."""

    public_id: str
    file_name: str
    as_of_before: date | None
    as_of: date | None
    numbers: Mapping[str, int]
    came: int


@dataclass(frozen=True)
class MovementPage:
    """The page of movement, or why there is nothing to show."""

    standing: Standing
    days: Days | None = None
    from_on: str = ""
    to_on: str = ""
    since: str = ""
    shown: Shown | None = None
    change: Kept | None = None
    cause: tuple[str, str] | None = None
    limits: tuple[SourceLimits, ...] = ()
    customers: int = 0
    imports: tuple[ImportMoves, ...] = ()
    quick: tuple[tuple[int, str], ...] = ()
    errors: Mapping[str, FieldError] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=lambda: PLACES)


@dataclass(frozen=True)
class ImportPart:
    """What an import, or its undo, moved; `in_use` while the people of its arrows can be opened."""

    shown: Shown
    undone: bool
    as_of_before: date | None
    as_of: date | None
    in_use: bool
    labels: Mapping[str, str] = field(default_factory=lambda: PLACES)


def movement_page(
    session: Session, store: OrdersStore, *, from_on: str = "", to_on: str = "", since: str = "", at_once: bool = False
) -> MovementPage:
    """Return the page of two days, or of the last change; days that take long are left to a second request."""
    try:
        days = queries.days_of(session, store)
    except NotCounted:
        return MovementPage("waiting")
    if days is None:
        return MovementPage("none")
    imports = tuple(_import(run, moved) for run, moved in queries.of_imports(session, most=IMPORTS_SHOWN))
    quick = tuple((back, days.before(back).isoformat()) for back in BACK if days.before(back) > days.first)
    if since:
        return _since(session, store, MovementPage("there", days, since="import", imports=imports, quick=quick))
    page = MovementPage("there", days, from_on, to_on, imports=imports, quick=quick)
    try:
        ends = queries.chosen(days, _day("from", from_on), _day("to", to_on))
    except BadDays as fault:
        errors = {fault.field: FieldError(fault.message, fault.params)}
        return MovementPage(**(vars(page) | {"errors": errors}))
    return _between(session, store, page, ends, at_once=at_once)


def import_part(session: Session, store: OrdersStore, public_id: str) -> ImportPart | None:
    """Return what an import moved, or what its undo moved back; None where nothing was kept, or nobody moved."""
    moved = kept.of_import(get_import(session, public_id).moved)
    if moved is None or not moved.anybody:
        return None
    in_use = queries.last_change(session, store) == moved
    ready = shown(moved.moves, None, openable=in_use)
    return ImportPart(ready, moved.made_by == "undo", moved.as_of_before, moved.as_of, in_use)


def shown(moves: Moves, days: Ends, *, openable: bool = True) -> Shown:
    """Return moves ready to be shown; `openable` where the rules of arrows can name their people."""
    classes = moves.classes
    before, after = _places(classes, CLASSES)
    wide = flow(classes.rows, before, after, tone)
    narrow = flow(classes.rows, before, after, tone, width=NARROW_WIDTH, side=NARROW_SIDE)
    return Shown(
        days=days,
        headlines=tuple(
            Headline(name, people, _query(*HEADLINES[name], days) if openable else "")
            for name, people in moves.headlines().items()
        ),
        came=classes.came,
        came_query=_query(NONE, ANY, days) if openable else "",
        went=classes.people(ANY, GONE),
        merged=classes.people(ANY, MERGED),
        split=classes.people(SPLIT, ANY),
        classes=_table(classes, CLASSES, days, openable=openable),
        types=_table(moves.types, TYPES, days, openable=openable),
        flows=(wide, narrow) if wide and narrow else None,
        moved=classes.moved,
        types_moved=moves.types.moved,
        everybody=classes.stayed,
    )


def tone(before: str, after: str) -> Tone:
    """Return how an arrow is read: who became loyal or came back, who stopped buying, or neither."""
    if before == after or {before, after} & AWAY:
        return ""
    if after in STOPPED:
        return "dn"
    return "hi" if after == CLASSES[0] or before in STOPPED else ""


def _between(
    session: Session, store: OrdersStore, page: MovementPage, ends: tuple[date, date], *, at_once: bool
) -> MovementPage:
    names = {"from_on": ends[0].isoformat(), "to_on": ends[1].isoformat()}
    if not at_once and not queries.counted(session, store, from_on=ends[0], to_on=ends[1]):
        return MovementPage(**(vars(page) | names | {"standing": "counting"}))
    found = queries.between(session, store, from_on=ends[0], to_on=ends[1])
    if found is None:
        return MovementPage("none")
    ready = shown(found.moves, ends)
    people = ready.classes.totals
    counted = {
        "shown": ready,
        "limits": found.limits,
        "customers": sum(one.people for one in people if one.after not in AWAY),
    }
    return MovementPage(**(vars(page) | names | counted))


def _since(session: Session, store: OrdersStore, page: MovementPage) -> MovementPage:
    change = queries.last_change(session, store)
    if change is None or change.as_of_before is None:
        return MovementPage(**(vars(page) | {"change": change}))
    ready = shown(change.moves, None)
    cause = queries.cause_of(session, change)
    people = sum(one.people for one in ready.classes.totals if one.after not in AWAY)
    counted = {"shown": ready, "limits": change.limits, "change": change, "cause": cause, "customers": people}
    return MovementPage(**(vars(page) | counted))


def _import(run: ImportRun, moved: Kept) -> ImportMoves:
    classes = moved.moves.classes
    return ImportMoves(
        run.public_id, run.file_name, moved.as_of_before, moved.as_of, moved.moves.headlines(), classes.came
    )


def _places(arrows: Arrows, known: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the rows and the columns of a table: places that exist always, the others where somebody is there."""
    before = (*known, *(place for place in (NONE, SPLIT) if arrows.people(place, ANY)))
    after = (*known, *(place for place in (GONE, MERGED) if arrows.people(ANY, place)))
    return before, after


def _table(arrows: Arrows, known: tuple[str, ...], days: Ends, *, openable: bool) -> MoveTable:
    before, after = _places(arrows, known)
    most = max((one.people for one in arrows.rows if one.before != one.after), default=0)

    def cell(was: str, now: str) -> MoveCell:
        people, stayed = arrows.people(was, now), was == now
        step = 0 if stayed or not people else ceil(STEPS * people / most)
        told = openable and now not in AWAY and (days is not None or not stayed)
        return MoveCell(now, people, arrows.share(was, now), step, stayed, _query(was, now, days) if told else "")

    def whole(was: str, now: str, place: str) -> str:
        return _query(was, now, days) if openable and days and place not in AWAY else ""

    rows = tuple(
        MoveRow(was, arrows.people(was, ANY), whole(was, ANY, ""), tuple(cell(was, now) for now in after))
        for was in before
    )
    totals = tuple(
        MoveCell(now, arrows.people(ANY, now), None, 0, stayed=False, query=whole(ANY, now, now)) for now in after
    )
    return MoveTable(after, rows, totals)


def _query(before: str, after: str, days: Ends) -> str:
    return urlencode({FIELD: written(before, after, days)})


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDays(name, N_("Please write a day as 2026-11-20.")) from None
