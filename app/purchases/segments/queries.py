"""Reads of rules: the people of one, how many they are, what can be asked."""

from functools import lru_cache

from sqlmodel import Session

from app.purchases.catalogue.seen import read_seen
from app.purchases.figures import list_file
from app.purchases.models import PurchaseSettings
from app.purchases.other.queries import attribute_choices
from app.purchases.schemas import Overview
from app.purchases.segments import people
from app.purchases.segments.people import NEWEST, Asked, Order, Sums
from app.purchases.segments.rule import Rule
from app.purchases.segments.schemas import Choices, PeopleOf
from app.purchases.store import OrdersStore

MOST_WORDS = 300
CHANNELS = (
    """SELECT text FROM word WHERE id IN (SELECT DISTINCT channel FROM listed) AND text <> '' ORDER BY text LIMIT ?"""
)


def version_in_use(session: Session) -> str:
    """Return the build that pages read; empty while there are no orders."""
    row = session.get(PurchaseSettings, 1)
    return row.summary_version if row else ""


def asked(session: Session, rule: Rule) -> Asked:
    """Return a rule with the saved segments that it names."""
    del session
    return Asked(rule)


def people_of(
    session: Session, store: OrdersStore, *, rule: Rule, order: Order = NEWEST, page: int = 1
) -> PeopleOf | None:  # fmt: skip
    """Return one page of the people of a rule; None while there are no orders. A page too far is the last one.

    Raises:
        NotCounted: the build in use lacks a file that the rule needs.
    """
    version = version_in_use(session)
    if not version:
        return None
    wanted = asked(session, rule)
    sums = people.count(store, version, wanted)
    shop = _overview(store, version)
    found = PeopleOf(
        rule, sums, (), order, 1, shop.as_of, shop.customers, {key: one.name for key, one in wanted.saved}, _currency(shop)
    )  # fmt: skip
    place = min(max(page, 1), found.pages)
    rows = people.people(store, version, wanted, order, place)
    return PeopleOf(**(vars(found) | {"rows": rows, "page": place}))


def count(session: Session, store: OrdersStore, *, rule: Rule) -> Sums | None:
    """Return how many people a rule finds and what they brought; None while there are no orders.

    Raises:
        NotCounted: the build in use lacks a file that the rule needs.
    """
    version = version_in_use(session)
    return people.count(store, version, asked(session, rule)) if version else None


def choices(session: Session, store: OrdersStore) -> Choices:
    """Return the words that the form of conditions offers."""
    version = version_in_use(session)
    if not version:
        return Choices((), (), (), (), (), ())
    seen = read_seen(session, store)
    channels, sources = _words(store, version)
    products = dict.fromkeys(name or one.product_code for one in seen.products for name in one.names or ("",))
    return Choices(
        products=tuple(products)[:MOST_WORDS],
        families=tuple(one.family for one in seen.families)[:MOST_WORDS],
        channels=channels,
        sources=sources,
        attributes=tuple(
            (one.name, tuple(value.value for value in one.values)) for one in attribute_choices(session, store)
        ),
        segments=(),
    )


@lru_cache(maxsize=4)
def _words(store: OrdersStore, version: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the channels of first orders and the sources; of a long list this takes half a second, so it is kept."""
    with store.open_list(version) as listed:
        channels = tuple(text for (text,) in listed.execute(CHANNELS, (MOST_WORDS,)))
        return channels, tuple(text for (text,) in listed.execute("SELECT source FROM shop ORDER BY source"))


def _overview(store: OrdersStore, version: str) -> Overview:
    with store.open_list(version) as listed:
        return list_file.read_overview(listed)


def _currency(shop: Overview) -> str:
    return next(iter(shop.amount)) if len(shop.amount) == 1 else ""
