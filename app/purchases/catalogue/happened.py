"""What happened to one customer beside their orders: subscriptions, events of their own, and those of the whole shop."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, or_, select

from app.purchases.catalogue.models import ShopEvent
from app.purchases.catalogue.queries import imports_of
from app.purchases.figures.sorted_lines import read_customer
from app.purchases.models import FileTable
from app.purchases.schemas import PurchaseEvent
from app.purchases.store import OrdersStore

ENDS = ("started_on", "paused_on", "cancelled_on", "reason", "product", "number")
KEPT_ROWS = 20_000
CustomerKey = tuple[str, str]
Row = dict[str, Any]


def subscription_events(
    store: OrdersStore, version: str, *, source: str, customer_id: str
) -> tuple[PurchaseEvent, ...] | None:
    """Return a customer's subscriptions as events; None for a build that was made before there was such a file."""
    path = store.ends_path(version)
    if not path.exists():
        return None
    found: set[PurchaseEvent] = set()
    for started, paused, cancelled, reason, product, number in read_customer(path, source, customer_id, ENDS):
        if started:
            found.add(PurchaseEvent("subscription_started", started, "", product))
        if paused:
            found.add(PurchaseEvent("subscription_paused", paused, reason, product, number))
        if cancelled:
            found.add(PurchaseEvent("subscription_cancelled", cancelled, reason, product, number))
    return tuple(sorted(found, key=lambda event: (event.happened_on, event.kind, event.product)))


def events_of(session: Session, store: OrdersStore, keys: Sequence[CustomerKey]) -> tuple[PurchaseEvent, ...]:
    """Return the events of a customer, who may go by several keys, and those of the whole shop."""
    return (*_noted(session, keys), *_from_files(session, store, keys))


def _noted(session: Session, keys: Sequence[CustomerKey]) -> list[PurchaseEvent]:
    ids = [customer_id for _, customer_id in keys]
    rows = session.scalars(
        select(ShopEvent)
        .where(
            col(ShopEvent.deleted_at).is_(None),
            or_(col(ShopEvent.customer_id) == "", col(ShopEvent.customer_id).in_(ids)),
        )
        .order_by(col(ShopEvent.happened_on), col(ShopEvent.id))
    )
    wanted = set(keys)
    return [
        PurchaseEvent(row.kind.value, row.happened_on, row.note, row.product, own=bool(row.customer_id))
        for row in rows
        if not row.customer_id or (row.source, row.customer_id) in wanted
    ]


def _from_files(session: Session, store: OrdersStore, keys: Sequence[CustomerKey]) -> list[PurchaseEvent]:
    imports = imports_of(session, FileTable.EVENTS)
    if not imports:
        return []
    from app.purchases.catalogue.events_file import ROAD

    wanted = set(keys)
    ids = ("", *sorted({customer_id for _, customer_id in keys}))
    found: dict[tuple[Any, ...], Row] = {}
    for name in imports:
        path = store.events_path(name)
        for row in _rows(path, ids) if path.exists() else ():
            if not row["customer_id"] or (row["source"], row["customer_id"]) in wanted:
                found[ROAD.key(row)] = row
    return [
        PurchaseEvent(row["kind"], row["happened_on"], row["note"], row["product"], own=bool(row["customer_id"]))
        for row in found.values()
    ]


def _rows(path: Path, ids: Sequence[str]) -> list[Row]:
    """Return the rows of some customers: out of memory for files of usual size, which never change under their name."""
    whole = _whole(path)
    if whole is not None:
        return [row for customer_id in ids for row in whole.get(customer_id, ())]
    import pyarrow.parquet as pq

    found: list[Row] = pq.read_table(path, filters=[("customer_id", "in", list(ids))], use_threads=False).to_pylist()
    return found


@lru_cache(maxsize=16)
def _whole(path: Path) -> dict[str, list[Row]] | None:
    """Return a file's rows by customer; None for one too long to keep."""
    import pyarrow.parquet as pq

    if pq.read_metadata(path).num_rows > KEPT_ROWS:
        return None
    found: dict[str, list[Row]] = {}
    for row in pq.read_table(path, use_threads=False).to_pylist():
        found.setdefault(row["customer_id"], []).append(row)
    return found
