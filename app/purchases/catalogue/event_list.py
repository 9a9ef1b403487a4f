"""The events as their page lists them: noted by people, or brought by files."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from app.purchases import queries
from app.purchases.catalogue.models import EventKind, ShopEvent
from app.purchases.catalogue.queries import IN_FORCE
from app.purchases.catalogue.schemas import EventList, EventRow
from app.purchases.models import FileTable, ImportRun, Source
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from datetime import date

PAGE_ROWS = 50
DELETED_SHOWN = 10
Bundle = tuple["date", str, str, str, str]


def list_events(session: Session, store: OrdersStore, *, page: int = 1) -> EventList:
    """Return one page of events, newest first. What a file says of customers stands once with how many they are."""
    gone = session.scalars(
        select(ShopEvent)
        .where(col(ShopEvent.deleted_at).is_not(None))
        .order_by(col(ShopEvent.deleted_at).desc())
        .limit(DELETED_SHOWN)
    )
    rows = all_events(session, store)[::-1]
    overview = queries.overview(session, store)
    pages = max(-(-len(rows) // PAGE_ROWS), 1)
    here = min(max(page, 1), pages)
    return EventList(
        rows=tuple(rows[(here - 1) * PAGE_ROWS : here * PAGE_ROWS]),
        deleted=tuple(event_row(row, store) for row in gone),
        total=len(rows),
        page=here,
        pages=pages,
        sources=tuple(session.scalars(select(col(Source.name)).order_by(col(Source.name)))),
        customers=overview.customers if overview else 0,
    )


def all_events(session: Session, store: OrdersStore) -> list[EventRow]:
    """Return every event, oldest first: those that people noted, and those of files, which stand once for all they name."""
    rows = (*(event_row(event, store) for event in noted(session)), *_from_files(session, store))
    return sorted(rows, key=lambda row: (row.happened_on, row.public_id))


def noted(session: Session) -> list[ShopEvent]:
    """Return the events that people noted, oldest first."""
    wanted = select(ShopEvent).where(col(ShopEvent.deleted_at).is_(None))
    return list(session.scalars(wanted.order_by(col(ShopEvent.happened_on), col(ShopEvent.id))))


def event_row(row: ShopEvent, store: OrdersStore) -> EventRow:
    """Return an event that somebody noted as lists show it."""
    return EventRow(
        happened_on=row.happened_on, kind=row.kind, product=row.product, note=row.note, public_id=row.public_id,
        source=row.source, customer_id=row.customer_id, people=1 if row.customer_id else 0,
        customer_ref=store.customer_ref(row.source, row.customer_id) if row.customer_id else "",
    )  # fmt: skip


def _from_files(session: Session, store: OrdersStore) -> Iterable[EventRow]:
    runs = session.execute(
        select(col(ImportRun.public_id), col(ImportRun.file_name))
        .where(col(ImportRun.state).in_(IN_FORCE), col(ImportRun.table) == FileTable.EVENTS)
        .order_by(col(ImportRun.id))
    ).all()
    if not runs:
        return []
    from app.purchases.catalogue.events_file import ROAD
    from app.purchases.catalogue.road import rows_of

    newest = {}
    for name, file_name in runs:
        for row in rows_of(ROAD, [store.events_path(name)]):
            newest[ROAD.key(row)] = (row, name, file_name)
    bundles: dict[Bundle, list[EventRow]] = {}
    for row, name, file_name in newest.values():
        one = EventRow(
            happened_on=row["happened_on"], kind=EventKind(row["kind"]), product=row["product"],
            note="" if row["customer_id"] else row["note"], source=row["source"], people=1 if row["customer_id"] else 0,
            import_id=name, file_name=file_name,
        )  # fmt: skip
        bundles.setdefault((one.happened_on, one.kind.value, one.product, one.note, name), []).append(one)
    return [_bundled(rows) for rows in bundles.values()]


def _bundled(rows: list[EventRow]) -> EventRow:
    first = rows[0]
    return EventRow(
        happened_on=first.happened_on, kind=first.kind, product=first.product, note=first.note, source=first.source,
        people=sum(row.people for row in rows), import_id=first.import_id, file_name=first.file_name,
    )  # fmt: skip
