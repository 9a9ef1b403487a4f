"""Fields of rules that the figures of coming back need: what they count can then be opened as people."""

from app.core.i18n import N_, Translator
from app.purchases.repeat import acquired
from app.purchases.repeat.bought import NAMED, PERSON, bought
from app.purchases.segments.fields import AMONG, SOME, TODAY, Field, Test, add_field, add_relation, any_of
from app.purchases.segments.values import Value

LATER = f"""{bought(lines="lines", as_of=TODAY)} AS bought JOIN (
        SELECT {PERSON} AS person, ordered_on AS first_on FROM orders WHERE order_number = 1
    ) AS began USING (person) WHERE thing = ? AND day > first_on"""
AGAIN = f"{bought(lines='lines', as_of=TODAY)} WHERE thing = ? GROUP BY person HAVING min(day) < max(day)"
GIVEN = "orders WHERE order_number = ? AND ordered_on <= (SELECT observed_until FROM as_of) - CAST(? AS INTEGER)"
WITHIN = """orders WHERE order_number = ? AND gap_days <= ?
    AND ordered_on - gap_days <= (SELECT observed_until FROM as_of) - CAST(? AS INTEGER)"""


def began_with(values: tuple[Value, ...]) -> Test:
    """Return whether the first order goes by this product, or by its family where somebody has set one."""
    marks = ", ".join("?" * len(values))
    return Test(AMONG.format(those=f"orders WHERE order_number = 1 AND {NAMED} IN ({marks})"), values)


def brought_by(values: tuple[Value, ...]) -> Test:
    """Return whether one of these brought the first order."""
    marks = ", ".join("?" * len(values))
    return Test(AMONG.format(those=f"acquired WHERE {acquired.COLUMN} IN ({marks})"), values)


def bought_later(values: tuple[Value, ...]) -> Test:
    """Return whether somebody bought one of the products or families on a later day than that of the first order."""
    return any_of([Test(SOME.format(those=LATER), (value,)) for value in values])


def bought_again(values: tuple[Value, ...]) -> Test:
    """Return whether somebody bought a product, or of a family, on two days or more."""
    return any_of([Test(SOME.format(those=AGAIN), (value,)) for value in values])


def step_given(values: tuple[Value, ...]) -> Test:
    """Return whether the nth order lies so many days back at least: 3=90."""
    return any_of([Test(AMONG.format(those=GIVEN), _step(str(value))) for value in values])


def step_within(values: tuple[Value, ...]) -> Test:
    """Return whether, moreover, the next order came within those days."""
    steps = [_step(str(value)) for value in values]
    return any_of([Test(AMONG.format(those=WITHIN), (number + 1, days, days)) for number, days in steps])


def _step(value: str) -> tuple[int, int]:
    """Return the order's number and the days; what is no number fits nobody."""
    number, _, days = value.partition("=")
    plain = all(part.isascii() and part.isdecimal() and len(part) < 6 for part in (number, days))
    return (int(number), int(days)) if plain else (-1, 0)


def say_given(value: str, t: Translator) -> str:
    """Return 3=90 in words."""
    number, days = _step(value)
    return t(N_("order {number} at least {days} days ago"), number=number, days=days)


def say_within(value: str, t: Translator) -> str:
    """Return 3=90 in words, of who went on."""
    number, days = _step(value)
    return t(
        N_("order {number} at least {days} days ago, and the next one within {days} days of it"),
        number=number,
        days=days,
    )


for _one in (
    Field("began_with", N_("Product or family of the first order"), "text", N_("began with {value}"), began_with, needs="orders"),
    Field(acquired.COLUMN, N_("Acquisition channel"), "text", N_("acquisition channel: {value}"), brought_by, needs="acquired"),
    Field("bought_later", N_("Bought on a later day than the first"), "text", N_("bought on a later day: {value}"), bought_later, needs="lines orders"),
    Field("bought_again", N_("Bought on two days or more"), "text", N_("bought on two days or more: {value}"), bought_again, needs="lines"),
    Field("step_given", N_("Time since an order"), "pair", "{value}", step_given, needs="orders", say=say_given, listed=False),
    Field("step_within", N_("Next order in time"), "pair", "{value}", step_within, needs="orders", say=say_within, listed=False),
):  # fmt: skip
    add_field(_one)
add_relation("acquired", acquired.make)
