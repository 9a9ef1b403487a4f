"""Reads of attributes for pages and for choosing people; quick, from the list of the current build."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlmodel import Session

from app.purchases.builds import version_in_use
from app.purchases.other import attributes
from app.purchases.other.attribute_words import DERIVED, Attribute
from app.purchases.other.attributes import AttributeCount, AttributeOverview
from app.purchases.store import OrdersStore


@contextmanager
def _list(session: Session, store: OrdersStore) -> Iterator[sqlite3.Connection | None]:
    version = version_in_use(session)
    if not version:
        yield None
        return
    with store.open_list(version) as connection:
        yield connection


def customer_attributes(
    session: Session, store: OrdersStore, *, customer_ref: str, derived: bool = False
) -> tuple[Attribute, ...]:  # fmt: skip
    """Return what customer files brought of one customer, the usual attributes first; with `derived` finer ages too."""
    with _list(session, store) as connection:
        found = () if connection is None else attributes.of_customer(connection, customer_ref)
    return tuple(one for one in found if derived or one.name not in DERIVED)


def value_counts(session: Session, store: OrdersStore, *, name: str) -> dict[str, int]:
    """Return how many customers have each value of an attribute."""
    with _list(session, store) as connection:
        return {} if connection is None else attributes.value_counts(connection, name)


def attribute_overview(session: Session, store: OrdersStore) -> AttributeOverview:
    """Return every attribute with its values, and of how many people it is not known."""
    with _list(session, store) as connection:
        return AttributeOverview((), 0, 0, 0) if connection is None else attributes.overview(connection)


def attribute_choices(session: Session, store: OrdersStore) -> tuple[AttributeCount, ...]:
    """Return the attributes one can choose people by: those with few enough values."""
    with _list(session, store) as connection:
        return () if connection is None else attributes.choices(connection)


def attributes_by_customer(session: Session, store: OrdersStore, *, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return customer reference → attribute → value for everybody of whom one of these attributes is known."""
    found: dict[str, dict[str, str]] = {}
    with _list(session, store) as connection:
        if connection is not None:
            for name in dict.fromkeys(names):
                for ref, value in attributes.by_customer(connection, name).items():
                    found.setdefault(ref, {})[name] = value
    return found
