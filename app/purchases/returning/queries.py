"""Reads of who comes back: how well the past told it, and what is kept beside the build in use."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import Session

from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases.builds import version_in_use
from app.purchases.figures.sorted_lines import read_customer
from app.purchases.returning.explanation import COLUMNS, Explanation
from app.purchases.schemas import CustomerSummary
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from app.purchases.returning.backtest import Backtest
    from app.purchases.returning.kept import Kept


def backtest_on(session: Session, store: OrdersStore, *, cutoff: date, days: int) -> "Backtest":
    """Return how well the orders known on a day told who ordered again in the `days` days after.

    Raises:
        AppError: there are no orders, those days are not over, or nothing was there to learn from.
    """
    from app.purchases.returning import orders_file
    from app.purchases.returning.backtest import OBSTACLE_TEXTS, NotMeasured

    version = version_in_use(session)
    if not version:
        raise AppError("no_orders", N_("There are no orders yet."))
    with store.duckdb() as backend:
        found = orders_file.backtest(backend, store.lines_path(version), cutoff, days)
    if isinstance(found, NotMeasured):
        newest = found.orders_until
        raise AppError("not_measured", OBSTACLE_TEXTS[found.obstacle], days=days, cutoff=cutoff, newest=newest or "-")
    return found


def kept_of(session: Session, store: OrdersStore) -> "Kept | None":
    """Return what is kept of the whole shop beside the build in use; None while there is nothing."""
    version = version_in_use(session)
    return _kept(store, version) if version and store.returns_path(version).exists() else None


@lru_cache(maxsize=4)
def _kept(store: OrdersStore, version: str) -> "Kept":
    from app.purchases.returning import kept

    return kept.read(store.returns_path(version))


def bands_by_class(session: Session, store: OrdersStore) -> Mapping[str, tuple[int, ...]]:
    """Return how many people of each class stand in each of the bands of `backtest.EDGES`; nothing while nothing is kept."""
    version = version_in_use(session)
    return _by_class(store, version) if version and store.returns_path(version).exists() else {}


@lru_cache(maxsize=4)
def _by_class(store: OrdersStore, version: str) -> Mapping[str, tuple[int, ...]]:
    from app.purchases.returning.backtest import EDGES

    inner = EDGES[1:-1]
    place = " + ".join(["0", *(f"CAST(returns.p_return >= {edge} AS INTEGER)" for edge in inner)])
    statement = f"""SELECT people.customer_class, {place} AS band, count(*) FROM read_parquet(?) returns
        JOIN read_parquet(?) people ON people.source = returns.source AND people.customer_id = returns.customer_id
        WHERE returns.p_return IS NOT NULL GROUP BY ALL"""
    given = [str(store.returns_path(version)), str(store.summary_path(version))]
    with store.plain_duckdb() as connection:
        rows = connection.execute(statement, given).fetchall()
    found: dict[str, list[int]] = {}
    for name, band, people in rows:
        found.setdefault(name, [0] * (len(inner) + 1))[band] = people
    return {name: tuple(counts) for name, counts in found.items()}


def explanation_of(session: Session, store: OrdersStore, *, summary: CustomerSummary) -> Explanation | None:
    """Return what is kept of one customer; None while nothing is, and of somebody whose orders are gone."""
    version = version_in_use(session)
    path = store.returns_path(version)
    if not version or not path.exists():
        return None
    rows = read_customer(path, summary.source, summary.customer_id, COLUMNS)
    return Explanation(*rows[0]) if rows else None


def explanations(
    session: Session, store: OrdersStore, *, people: Iterable[CustomerSummary], as_of: date
) -> dict[tuple[str, str], Explanation]:
    """Return what is kept of these people by source and number; nothing where the build is of another day than asked."""
    found = kept_of(session, store)
    if found is None or found.as_of != as_of:
        return {}
    import pyarrow.parquet as pq

    wanted = {(one.source, one.customer_id) for one in people}
    known = {}
    with pq.ParquetFile(store.returns_path(version_in_use(session))) as file:
        for batch in file.iter_batches(columns=["source", "customer_id", *COLUMNS]):
            columns = [column.to_pylist() for column in batch.columns]
            for source, customer_id, *values in zip(*columns, strict=True):
                if (source, customer_id) in wanted:
                    known[source, customer_id] = Explanation(*values)
    return known
