"""Where the attributes of members lie, and which of some members have orders."""

from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session, col, select

from app.purchases.builds import version_in_use
from app.purchases.identity.merges import Edge, Key, root
from app.purchases.identity.queries import merge_edges
from app.purchases.models import FileTable, ImportRun, ImportState
from app.purchases.store import OrdersStore


def attribute_files(session: Session, store: OrdersStore, *, source: str | None = None) -> list[Path]:
    """Return the attribute files of the manifest (of a source), oldest import first."""
    counted = [ImportState.DONE, ImportState.UNDOING]
    wanted = select(col(ImportRun.public_id)).where(
        col(ImportRun.table) == FileTable.MEMBERS, col(ImportRun.state).in_(counted)
    )
    if source is not None:
        wanted = wanted.where(col(ImportRun.source) == source)
    return [store.attributes_path(name) for name in session.scalars(wanted.order_by(col(ImportRun.id)))]


def order_counter(session: Session, store: OrdersStore, source: str) -> Callable[[set[str]], int]:
    """Return the function that tells how many of some customers of a source stand in today's figures."""
    edges = [Edge(*edge) for edge in merge_edges(session)]
    version = version_in_use(session)
    known: set[str] = set()
    if version:
        with store.open_list(version) as connection:
            rows = connection.execute("SELECT source, customer_id FROM customer")
            people = {Key(*row) for row in rows}
        known = {key.customer_id for key in people if key.source == source}
        known |= {
            edge.key.customer_id for edge in edges if edge.key.source == source and root(edges, edge.key) in people
        }
    return lambda keys: len(keys & known)
