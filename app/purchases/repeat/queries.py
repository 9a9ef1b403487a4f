"""Reads of who comes back: counted once for each build and kept in memory, because a build never changes."""

from functools import lru_cache

from sqlmodel import Session

from app.purchases.builds import Build, peopled
from app.purchases.repeat import attributes, cohorts, cross, cycles, steps, value
from app.purchases.repeat.schemas import Attributes, CohortTable, CountedBy, CrossTable, Cycles, Steps, Values
from app.purchases.store import OrdersStore

KEPT = 16


def read_cohorts(session: Session, store: OrdersStore) -> CohortTable | None:
    """Return customers by first month and months after it; None while there are no orders of known customers."""
    build = peopled(session, store)
    return None if build is None else _cohorts(build)


def read_steps(session: Session, store: OrdersStore, *, counted_by: CountedBy = "orders") -> Steps | None:
    """Return how customers went on from purchase to purchase; None while there are no orders of known customers."""
    build = peopled(session, store)
    return None if build is None else _steps(build, counted_by)


def read_cycles(session: Session, store: OrdersStore) -> Cycles | None:
    """Return how long it takes until products are bought again; None while there are no orders of known customers."""
    build = peopled(session, store)
    return None if build is None else _cycles(build)


def read_values(session: Session, store: OrdersStore) -> Values | None:
    """Return what customers bring by where they began; None while there are no orders of known customers."""
    build = peopled(session, store)
    return None if build is None else _values(build)


def read_cross(session: Session, store: OrdersStore) -> CrossTable | None:
    """Return what people bought later by the product of their first order; None while there are no orders of known customers."""
    build = peopled(session, store)
    return None if build is None else _cross(build)


def read_attributes(session: Session, store: OrdersStore) -> Attributes | None:
    """Return how customers of each sex, age group and prefecture buy; None while there are no orders of known customers."""
    build = peopled(session, store)
    return None if build is None else _attributes(build)


@lru_cache(maxsize=KEPT)
def _cohorts(build: Build) -> CohortTable:
    with build.store.plain_duckdb() as connection:
        return cohorts.count(connection, build.store.orders_path(build.version), build.as_of, build.observed_until)


@lru_cache(maxsize=KEPT)
def _steps(build: Build, counted_by: CountedBy) -> Steps:
    orders = build.store.orders_path(build.version)
    with build.store.plain_duckdb() as connection:
        return steps.count(connection, orders, build.as_of, counted_by, build.observed_until)


@lru_cache(maxsize=KEPT)
def _cycles(build: Build) -> Cycles:
    with build.store.plain_duckdb() as connection:
        return cycles.count(connection, build.store.lines_path(build.version), build.as_of)


@lru_cache(maxsize=KEPT)
def _values(build: Build) -> Values:
    orders, lines = build.store.orders_path(build.version), build.store.lines_path(build.version)
    with build.store.plain_duckdb() as connection:
        return value.count(connection, orders, lines, build.as_of, build.observed_until)


@lru_cache(maxsize=KEPT)
def _cross(build: Build) -> CrossTable:
    orders, lines = build.store.orders_path(build.version), build.store.lines_path(build.version)
    with build.store.plain_duckdb() as connection:
        return cross.count(connection, orders, lines, build.as_of)


@lru_cache(maxsize=KEPT)
def _attributes(build: Build) -> Attributes:
    with build.store.plain_duckdb() as connection, build.store.open_list(build.version) as listed:
        soon = steps.soon(connection, build.store.orders_path(build.version), attributes.EXPOSURE)
        return attributes.count(listed, soon, build.as_of, build.observed_until)
