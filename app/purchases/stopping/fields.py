"""Fields of rules behind the numbers of subscriptions and surplus: what they count can then be opened as people.

Their values have three parts: `ended=4=PRODUCT`, `cancelled=over=PRODUCT`; without a product all of them are meant.
"""

from app.core.i18n import N_, Translator
from app.purchases.segments.fields import AMONG, Field, Test, add_field, add_relation, any_of
from app.purchases.segments.values import Value
from app.purchases.stopping.queries import make_subscriptions, make_surplus
from app.purchases.stopping.surplus import OVER, STANDINGS, band_sql
from app.purchases.stopping.words import BAND_LABELS, STANDING_LABELS

HAD, ENDED, BEGAN, OVER_NOW, SILENT, LATE = "had", "ended", "began", "over", "silent", "late"
SUBSCRIPTIONS = {
    HAD: "NOT late AND (deliveries > ? OR (deliveries = ? AND state <> 'running'))",
    ENDED: "NOT late AND deliveries = ? AND deliveries = ? AND state <> 'running'",
    BEGAN: "NOT late AND ? = ?",
    OVER_NOW: "NOT late AND ? = ? AND state <> 'running'",
    SILENT: "NOT late AND ? = ? AND state = 'silent'",
    LATE: "late AND ? = ?",
}
SAID = {
    HAD: N_("a subscription with delivery {n} of which the next step is known"),
    ENDED: N_("a subscription that ended after delivery {n}"),
    BEGAN: N_("a subscription seen from its first delivery"),
    OVER_NOW: N_("a subscription that ended"),
    SILENT: N_("a subscription that ended without a word"),
    LATE: N_("a subscription that began before the data"),
}
ANY = "any"
MOST_DELIVERIES = 100_000
MORE_THAN_ONE = N_("more than one delivery left")


def subscription(what: str, nth: int, product: str) -> str:
    """Return the value of the field `subscription`."""
    return f"{what}={nth}={product}"


def surplus(standing: str, band: int | str, product: str) -> str:
    """Return the value of the field `surplus`; `band` is its number or `over` for more than one delivery left."""
    return f"{standing}={band}={product}"


def _parts(value: Value) -> tuple[str, str, str]:
    first, _, rest = str(value).partition("=")
    second, _, product = rest.partition("=")
    return first, second, product


def with_subscription(values: tuple[Value, ...]) -> Test:
    """Return whether somebody has a subscription that fits."""
    return any_of([_subscription(*_parts(value)) for value in values])


def _subscription(what: str, number: str, product: str) -> Test:
    if what not in SUBSCRIPTIONS or not number.isdecimal() or int(number) > MOST_DELIVERIES:
        return Test("false")
    those = f"subscriptions WHERE {SUBSCRIPTIONS[what]}" + (" AND product = ?" if product else "")
    return Test(AMONG.format(those=those), (int(number), int(number), *([product] if product else [])))


def with_surplus(values: tuple[Value, ...]) -> Test:
    """Return whether somebody has so much of a product left."""
    return any_of([_surplus(*_parts(value)) for value in values])


def _surplus(standing: str, band: str, product: str) -> Test:
    tests = ["product = ?"]
    given: list[str | int] = [product]
    if standing in STANDINGS:
        tests.append("standing = ?")
        given.append(standing)
    if band == OVER or (band.isdecimal() and len(band) < 3):
        tests.append(f"{band_sql()} {'> 2' if band == OVER else '= ?'}")
        given += [] if band == OVER else [int(band)]
    return Test(AMONG.format(those=f"surplus WHERE {' AND '.join(tests)}"), tuple(given))


def say_subscription(value: str, t: Translator) -> str:
    """Return ended=4=PRODUCT in words."""
    what, number, product = _parts(value)
    said = t(SAID.get(what, SAID[BEGAN]), n=number)
    return t(N_("{product}: {what}"), product=product, what=said) if product else said


def say_surplus(value: str, t: Translator) -> str:
    """Return cancelled=over=PRODUCT in words."""
    standing, band, product = _parts(value)
    places = dict(enumerate(BAND_LABELS))
    amount = MORE_THAN_ONE if band == OVER else places.get(int(band) if band.isdecimal() else -1, "")
    said = [t(STANDING_LABELS[one]) for one in STANDINGS if one == standing] + ([t(amount)] if amount else [])
    return t(N_("{product}: {what}"), product=product, what=t.join(said)) if said else product


add_relation("subscriptions", make_subscriptions)
add_relation("surplus", make_surplus)
add_field(
    Field(
        "subscription", N_("Deliveries of a subscription"), "pair", "{value}", with_subscription,
        needs="subscriptions", say=say_subscription, listed=False,
    )
)  # fmt: skip
add_field(
    Field(
        "surplus", N_("Product left over"), "pair", "{value}", with_surplus,
        needs="surplus", say=say_surplus, listed=False,
    )
)  # fmt: skip
