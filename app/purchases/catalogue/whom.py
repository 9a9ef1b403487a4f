"""Whom an event is about: everybody, those who bought a product, or one customer whom the files know."""

from sqlmodel import Session

from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases import queries
from app.purchases.builds import version_in_use
from app.purchases.catalogue.operations import WHOSE, get_event
from app.purchases.catalogue.schemas import EventInput
from app.purchases.figures.sorted_lines import read_customer
from app.purchases.identity.merges import Key, ancestors
from app.purchases.identity.queries import merge_edges
from app.purchases.other.member_store import attribute_files
from app.purchases.store import OrdersStore

UNKNOWN = N_("No customer has this number in this source. Check the number and the source it belongs to.")
WHICH = N_("Write the customer number, or choose whom else it is about.")
WHAT = N_("Write the product, or choose whom else it is about.")
NOT_ONE = N_("A customer number stands here: choose one customer, or clear it.")
NOT_BUYERS = N_("A product stands here: choose those who bought it, or clear it.")
KEY = ("customer_id",)


def refuse_unclear(session: Session, store: OrdersStore, *, data: EventInput, event_id: str = "") -> None:
    """Pass silently when it is clear whom an event is about; a customer that the event had before may be gone since.

    Raises:
        AppError: what is chosen and what is filled in do not fit, or nobody knows the customer.
    """
    if data.about == "one" and not data.customer_id:
        raise AppError("event_customer", WHICH)
    if data.about == "buyers" and not data.product:
        raise AppError("event_product", WHAT)
    if data.about in {"everybody", "buyers"} and data.customer_id:
        raise AppError("event_customer", NOT_ONE)
    if data.about == "everybody" and data.product:
        raise AppError("event_product", NOT_BUYERS)
    if not data.customer_id:
        return
    if not data.source:
        raise AppError("event_source", WHOSE)
    key = Key(data.source, data.customer_id)
    if not (event_id and _had(session, event_id) == key) and not is_known(session, store, key):
        raise AppError("event_customer", UNKNOWN)


def is_known(session: Session, store: OrdersStore, key: Key) -> bool:
    """Tell whether any file in force names a customer: in orders, even cancelled ones, among members or subscriptions."""
    keys = [key, *ancestors(merge_edges(session), key)]
    if queries.present(session, store, customer_refs=[store.customer_ref(*one) for one in keys]):
        return True
    if version := version_in_use(session):
        paths = (store.lines_path(version), store.ends_path(version))
        if any(read_customer(path, *one, KEY) for path in paths if path.exists() for one in keys):
            return True
    return _is_member(session, store, key)


def _is_member(session: Session, store: OrdersStore, key: Key) -> bool:
    import pyarrow.parquet as pq

    test = [("source", "==", key.source), ("customer_id", "==", key.customer_id)]
    return any(
        pq.read_table(path, columns=list(KEY), filters=test, use_threads=False).num_rows
        for path in attribute_files(session, store)
    )


def _had(session: Session, event_id: str) -> Key:
    event = get_event(session, event_id)
    return Key(event.source, event.customer_id)
