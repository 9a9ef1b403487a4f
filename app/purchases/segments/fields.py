"""What people can be chosen by: one entry for each field, with its name, its test in SQL and how it is said.

Tests are over `people` (the customer summary), `as_of` (its `day` and `observed_until`), `asked` (`field`, `value`) and what the field needs: `orders`, `lines`, `attributes`
or a relation of another package. Those add fields with `add_field` and relations with `add_relation`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from app.core.i18n import N_, Translator
from app.purchases.classes import (
    CLASS_LABELS,
    COUNT_LABELS,
    ELAPSED_LABELS,
    KIND_LABELS,
    SUPER_LOYAL_LABEL,
    TYPE_LABELS,
)
from app.purchases.repeat.bought import FAMILY, NAME, bought
from app.purchases.segments.values import Kind, Span, Value, last_day
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Test:
    """A condition in SQL with the values of its marks, in order."""

    sql: str
    values: tuple[Any, ...] = ()


MakeTest = Callable[[tuple[Value, ...]], Test]
MakeRelation = Callable[["DuckDBPyConnection", OrdersStore, str], None]
PEOPLE = "people.source = {other}.source AND people.customer_id = {other}.customer_id"
AMONG = "hash(people.source, people.customer_id) IN (SELECT hash(source, customer_id) FROM {those})"
"""64 bits of who it is, as in `figures.frames`: a third of the time and memory of a join by the texts."""
SOME = "hash(people.source, people.customer_id) IN (SELECT person FROM {those})"
TODAY = "(SELECT day FROM as_of)"


@dataclass(frozen=True)
class Field:
    """One field: `phrase` says it with its {value}, `unit` a number of it; `choices` are its values and their msgids.

    `single` fields take one value instead of several that count as "or", the others at most `several`. `needs` names the relations beside `people`, with
    spaces between; `say` says a word that is no choice; what is not `listed` stands in addresses only, not in forms.
    """

    name: str
    label: str
    kind: Kind
    phrase: str
    test: MakeTest
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""
    single: bool = False
    several: int = 50
    most: int | None = None
    say: Callable[[str, Translator], str] | None = None
    listed: bool = True


def within(column: str, span: Span, *, months: bool = False) -> Test:
    """Return whether a column lies from–to; of months, from the first day of the one to the last of the other."""
    high = last_day(span.high) if months and isinstance(span.high, date) else span.high
    ends = [(">=", span.low), ("<=", high)]
    given = [(sign, end) for sign, end in ends if end is not None]
    return Test(" AND ".join(f"{column} {sign} ?" for sign, _ in given), tuple(end for _, end in given))


def all_of(tests: list[Test]) -> Test:
    """Return whether all of the tests hold."""
    sql = " AND ".join(f"({one.sql})" for one in tests) or "true"
    return Test(sql, tuple(value for one in tests for value in one.values))


def any_of(tests: list[Test]) -> Test:
    """Return whether one of the tests holds."""
    return Test(
        "(" + " OR ".join(f"({one.sql})" for one in tests) + ")", tuple(value for one in tests for value in one.values)
    )


def spans(values: tuple[Value, ...]) -> list[Span]:
    """Return the values that are from–to."""
    return [value for value in values if isinstance(value, Span)]


def column(name: str, *, months: bool = False) -> MakeTest:
    """Return the test of a column of the summary."""

    def test(values: tuple[Value, ...]) -> Test:
        ranges = spans(values)
        if ranges:
            return any_of([within(f"people.{name}", span, months=months) for span in ranges])
        return Test(f"people.{name} IN ({', '.join('?' * len(values))})", values)

    return test


def flag(name: str) -> MakeTest:
    """Return the test of a column that is true or false: yes, no."""

    def test(values: tuple[Value, ...]) -> Test:
        return any_of([Test(f"people.{name}" if value == "yes" else f"NOT people.{name}") for value in values])

    return test


def with_order(where: Callable[[Span], Test]) -> MakeTest:
    """Return whether a customer has an order that fits."""

    def test(values: tuple[Value, ...]) -> Test:
        one = any_of([where(span) for span in spans(values)])
        return Test(AMONG.format(those=f"orders WHERE {one.sql}"), one.values)

    return test


def second_gap(span: Span) -> Test:
    """Return whether an order is the second, so many days after the first."""
    gap = within("orders.gap_days", span)
    return Test(f"orders.order_number = 2 AND {gap.sql}", gap.values)


def second_within(span: Span) -> Test:
    """Return whether an order is the second, at most so many days after the first."""
    return second_gap(Span(None, span.high))


def in_month(span: Span) -> Test:
    """Return whether an order lies in these months."""
    return within("orders.ordered_on", span, months=True)


def reached(values: tuple[Value, ...]) -> Test:
    """Return whether there was an nth order."""
    return any_of([Test("people.orders >= ?", (span.low,)) for span in spans(values)])


def nobody(values: tuple[Value, ...]) -> Test:
    """Return the test of segments that are not known; `people.where` knows the others."""
    del values
    return Test("false")


def with_thing(word: str) -> MakeTest:
    """Return whether an order that counts brought somebody one of these products and pieces of it are left in it."""
    those = f"{bought(word, lines='lines', as_of=TODAY)} WHERE thing IN ({{marks}})"

    def test(values: tuple[Value, ...]) -> Test:
        return Test(SOME.format(those=those.format(marks=", ".join("?" * len(values)))), values)

    return test


def attribute(values: tuple[Value, ...]) -> Test:
    """Return whether customer files give somebody one of the values of each attribute named; sex= means not known."""
    by_name: dict[str, list[Test]] = {}
    for value in values:
        name, _, wanted = str(value).partition("=")
        if wanted:
            found = Test(AMONG.format(those="attributes WHERE name = ? AND value = ?"), (name, wanted))
        else:
            found = Test(f"NOT {AMONG.format(those='attributes WHERE name = ?')}", (name,))
        by_name.setdefault(name, []).append(found)
    return all_of([any_of(tests) for tests in by_name.values()])


YES_NO = {"yes": N_("yes"), "no": N_("no")}
ENDINGS = {"cancelled": N_("cancelled"), "stopped": N_("stopped")}
TIMES, DAYS, POINTS = N_("{n} times"), N_("{n} days"), N_("{n} points")
FIELDS: dict[str, Field] = {}
RELATIONS: dict[str, MakeRelation] = {}


def add_field(one: Field) -> None:
    """Make a field one that people can be chosen by."""
    FIELDS[one.name] = one


def add_relation(name: str, make: MakeRelation) -> None:
    """Have a relation made, of an open connection, the store and a version, for the rules that need it."""
    RELATIONS[name] = make


for _one in (
    Field("customer_class", N_("Class"), "choice", N_("class: {value}"), column("customer_class"), choices={key.value: text for key, text in CLASS_LABELS.items()}),
    Field("purchase_type", N_("Type"), "choice", N_("type: {value}"), column("purchase_type"), choices={key.value: text for key, text in TYPE_LABELS.items()}),
    Field("super_loyal", SUPER_LOYAL_LABEL, "choice", N_("super loyal: {value}"), flag("super_loyal"), choices=YES_NO, single=True),
    Field("count", N_("Order count"), "choice", N_("order count: {value}"), column("count_band"), choices=COUNT_LABELS),
    Field("elapsed", N_("Since the last order"), "choice", N_("since the last order: {value}"), column("elapsed_band"), choices=ELAPSED_LABELS),
    Field("orders", N_("Number of orders"), "number", N_("orders: {value}"), column("orders"), TIMES),
    Field("purchase_days", N_("Purchase days"), "number", N_("days with a purchase: {value}"), column("purchase_days"), DAYS),
    Field("amount", N_("Amount"), "number", N_("amount in all: {value}"), column("amount"), "money"),
    Field("days_since_last", N_("Days since the last order"), "number", N_("last order {value} ago"), column("days_since_last"), DAYS),
    Field("first_on", N_("Day of the first order"), "date", N_("first order on: {value}"), column("first_order_on")),
    Field("first_month", N_("Month of the first order"), "month", N_("first order in {value}"), column("first_order_on", months=True)),
    Field("last_on", N_("Day of the last order"), "date", N_("last order on: {value}"), column("last_order_on")),
    Field("r", N_("R (recency)"), "number", N_("R: {value}"), column("r"), POINTS, most=5),
    Field("f", N_("F (frequency)"), "number", N_("F: {value}"), column("f"), POINTS, most=5),
    Field("m", N_("M (amount)"), "number", N_("M: {value}"), column("m"), POINTS, most=5),
    Field("decile", N_("Decile"), "number", N_("decile: {value}"), column("decile"), "D{n}", most=10),
    Field("first_product", N_("Product of the first order"), "text", N_("first order: {value}"), column("first_product")),
    Field("first_kind", N_("Kind of the first order"), "choice", N_("first order as {value}"), column("first_kind"), choices=KIND_LABELS),
    Field("sales_channel", N_("Channel of the first order"), "text", N_("first order through {value}"), column("sales_channel")),
    Field("stop_number", N_("Stopped after order"), "number", N_("stopped after: {value}"), column("stop_number"), N_("nth order {n}")),
    Field("stop_product", N_("Stopped after the product"), "text", N_("stopped after buying {value}"), column("stop_product")),
    Field("stop_kind", N_("Stopped after the kind"), "choice", N_("stopped after an order as {value}"), column("stop_kind"), choices=KIND_LABELS),
    Field("stop_ending", N_("How they stopped"), "choice", N_("how they stopped: {value}"), column("stop_ending"), choices=ENDINGS),
    Field("source", N_("Source"), "text", N_("source: {value}"), column("source")),
    Field("attribute", N_("Attribute"), "pair", "{value}", attribute, needs="attributes"),
    Field("bought_product", N_("Bought the product"), "text", N_("bought {value}"), with_thing(NAME), needs="lines"),
    Field("bought_family", N_("Bought of the product family"), "text", N_("bought of {value}"), with_thing(FAMILY), needs="lines"),
    Field("second_within", N_("Second order within"), "number", N_("second order within {value} of the first"), with_order(second_within), DAYS, needs="orders", single=True),
    Field("second_gap", N_("Days from first to second order"), "number", N_("from first to second order: {value}"), with_order(second_gap), DAYS, needs="orders"),
    Field("reached", N_("Came as far as order"), "number", N_("came as far as {value}"), reached, N_("nth order {n}"), single=True),
    Field("last_number", N_("Orders so far exactly"), "number", N_("orders so far exactly {value}"), column("orders"), TIMES, single=True),
    Field("ordered_in_month", N_("Ordered in the month"), "month", N_("ordered in {value}"), with_order(in_month), needs="orders"),
    Field("segment", N_("Segment"), "text", N_("in the segment: {value}"), nobody, needs="segments"),
):  # fmt: skip
    add_field(_one)
