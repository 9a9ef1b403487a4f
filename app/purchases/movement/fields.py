"""The field of rules that opens an arrow: moved=lapsed~active@2026-01-01..2026-02-01, or @last for the last change.

The ends are classes or types, never both; none is nobody's customer yet, * any other place of a customer, nothing is every place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.core import sql
from app.core.i18n import N_, Translator
from app.purchases.builds import Build, NotCounted
from app.purchases.classes import STOPPED
from app.purchases.movement import arrows, queries
from app.purchases.movement.schemas import (
    ANY,
    AWAY,
    BUYING,
    CLASSES,
    NONE,
    OTHER,
    SPLIT,
    STILL_BUYING,
    TYPES,
    WAS_STOPPED,
)
from app.purchases.movement.words import in_words
from app.purchases.segments.fields import AMONG, Field, Test, add_field, add_relation, any_of
from app.purchases.segments.values import Value
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FIELD = RELATION = "moved"
MOST_ARROWS = 2
"""Each names two days that may have to be counted: an address must not start many counts."""
LAST = "last"
SHAPE = re.compile(
    r"(?P<before>[a-z_*]*)~(?P<after>[a-z_*]*)@(?:last|(?P<old>\d{4}-\d\d-\d\d)\.\.(?P<new>\d{4}-\d\d-\d\d))"
)
GROUPS = {WAS_STOPPED: STOPPED, BUYING: STILL_BUYING}
EVERY = frozenset({ANY, OTHER})
BEFORE, AFTER = EVERY | {NONE, SPLIT}, EVERY
MAKE = "CREATE TEMP TABLE moved (asked VARCHAR, source VARCHAR, customer_id VARCHAR)"
FILL = "INSERT INTO moved SELECT ?, source, customer_id FROM {rows} WHERE {test}"


@dataclass(frozen=True)
class Asked:
    """An arrow that a rule asks for; `days` is None for the last change of the data."""

    before: str
    after: str
    days: tuple[date, date] | None

    @property
    def kind(self) -> str:
        """Whether its ends are classes or types."""
        return "type" if {self.before, self.after} & set(TYPES) else "class"

    @property
    def test(self) -> str:
        """The condition on rows with class or type before and after; its words are known ones."""
        before, after = f"{self.kind}_before", f"{self.kind}_after"
        ends = (_is(before, self.before, after), _is(after, self.after, before))
        return " AND ".join(end for end in ends if end) or "true"


def written(before: str, after: str, days: tuple[date, date] | None) -> str:
    """Return the value of the field for an arrow."""
    return f"{before}~{after}@{f'{days[0]}..{days[1]}' if days else LAST}"


def read(text: str) -> Asked | None:
    """Return the arrow that a value names, None where it names none."""
    found = SHAPE.fullmatch(text)
    if found is None:
        return None
    before, after = found["before"], found["after"]
    fits = any(before in BEFORE | known and after in AFTER | known for known in (_class_ends(), frozenset(TYPES)))
    try:
        days = (date.fromisoformat(found["old"]), date.fromisoformat(found["new"])) if found["old"] else None
    except ValueError:
        return None
    return Asked(before, after, days) if fits and (days is None or days[0] <= days[1]) else None


def test(values: tuple[Value, ...]) -> Test:
    """Return whether somebody moved along one of the arrows; what names no arrow finds nobody."""
    known = [str(value) for value in values if read(str(value))]
    return any_of([Test(AMONG.format(those="moved WHERE asked = ?"), (one,)) for one in known] or [Test("false")])


def say(value: str, t: Translator) -> str:
    """Return an arrow in words."""
    one = read(value)
    return in_words(one.before, one.after, one.days, t) if one else value


def make(connection: "DuckDBPyConnection", store: OrdersStore, version: str) -> None:
    """Make the relation `moved` of the arrows that the rule asks for: who moved along which of them.

    Raises:
        NotCounted: the build was made before orders, or what moved, were kept with it.
    """
    connection.execute(MAKE)
    wanted = connection.execute("SELECT DISTINCT value FROM asked WHERE field = ?", (FIELD,)).fetchall()
    for (text,) in wanted:
        one = read(text)
        if one is not None and _known(store, version, one):
            connection.execute(FILL.format(rows=_rows(store, version, one), test=one.test), (text,))


def _rows(store: OrdersStore, version: str, one: Asked) -> str:
    if one.days is None:
        path = store.moved_path(version)
        if not path.exists():
            raise NotCounted
        return sql.parquet(path)
    earlier, later = (sql.parquet(queries.named_file(store, version, day)) for day in one.days)
    return f"({arrows.both(earlier, later)})"


def _known(store: OrdersStore, version: str, one: Asked) -> bool:
    """Return whether the days lie in the data: days of a saved segment may have left it."""
    days = queries.days_in(Build(store, version))
    return one.days is None or (days.first <= one.days[0] and one.days[1] <= days.last)


def _class_ends() -> frozenset[str]:
    return frozenset(CLASSES) | GROUPS.keys()


def _is(column: str, wanted: str, other: str) -> str:
    if wanted == ANY:
        return ""
    if wanted == OTHER:
        return f"{column} <> {other} AND {column} NOT IN ({_texts(AWAY)})"
    return f"{column} IN ({_texts(GROUPS.get(wanted, {wanted}))})"


def _texts(places: Iterable[str]) -> str:
    return ", ".join(sql.literal(place) for place in sorted(places))


add_relation(RELATION, make)
add_field(
    Field(FIELD, N_("Movement"), "text", "{value}", test, needs=RELATION, say=say, listed=False, several=MOST_ARROWS)
)
