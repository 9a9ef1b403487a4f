"""Reads of purchases: imports, figures, customers, timelines."""

import csv
import io
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from app.core.errors import NotFound
from app.core.i18n import N_, Translator
from app.core.types import JsonDict
from app.purchases import contacts
from app.purchases.builds import version_in_use
from app.purchases.catalogue.happened import events_of, subscription_events
from app.purchases.catalogue.queries import products_waiting
from app.purchases.classes import CustomerClass
from app.purchases.figures import list_file, list_pages
from app.purchases.files.names import HELD
from app.purchases.identity import queries as identity
from app.purchases.identity.merges import Key
from app.purchases.import_schemas import CheckReport, ImportDetail, ImportRow, Mapping
from app.purchases.models import ImportRun, ImportState, Person, Source
from app.purchases.schemas import (
    Contact,
    CountElapsedTable,
    CustomerFilters,
    CustomerPage,
    CustomerSummary,
    Overview,
    Position,
    SortKey,
    Timeline,
)
from app.purchases.segments_file import in_force
from app.purchases.store import OrdersStore
from app.purchases.timelines import COLUMNS, Line, make_timeline

REPORT = TypeAdapter(CheckReport)
JOBS = {
    ImportState.CHECKING: "purchases.check",
    ImportState.IMPORTING: "purchases.import",
    ImportState.UNDOING: "purchases.undo",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝")


def get_import(session: Session, public_id: str) -> ImportRun:
    """Return one import.

    Raises:
        NotFound: there is none by that id.
    """
    found = session.scalar(select(ImportRun).where(col(ImportRun.public_id) == public_id))
    if found is None:
        raise NotFound("no_import", N_("This import does not exist."))
    return found


def unfinished_jobs(session: Session) -> list[tuple[str, str]]:
    """Return (job name, public id) of the work that a stopped process left behind."""
    rows = session.execute(
        select(col(ImportRun.state), col(ImportRun.public_id))
        .where(col(ImportRun.state).in_(JOBS))
        .order_by(col(ImportRun.id))
    )
    jobs = [(JOBS[state], public_id) for state, public_id in rows]
    if identity.merges_digest(session) != identity.people_state(session).merges_built:
        jobs.append(("purchases.merges", ""))
    if products_waiting(session) is not None:
        jobs.append(("purchases.products", ""))
    return jobs


def list_imports(session: Session) -> tuple[ImportRow, ...]:
    """Return all imports, newest first."""
    runs = session.scalars(select(ImportRun).order_by(col(ImportRun.id).desc()))
    return tuple(_import_row(run) for run in runs)


def import_detail(run: ImportRun) -> ImportDetail:
    """Return what the page of one import shows."""
    return ImportDetail(
        row=_import_row(run),
        mapping=Mapping.model_validate(run.mapping),
        report=REPORT.validate_python(run.report) if run.report else None,
        progress_done=run.progress_done,
        progress_total=run.progress_total,
        error_message=run.error_message,
        error_params=run.error_params,
        phase=run.phase,
        phase_started_at=run.phase_started_at,
    )


def _import_row(run: ImportRun) -> ImportRow:
    report: JsonDict = run.report
    return ImportRow(
        public_id=run.public_id,
        source=run.source,
        file_name=run.file_name,
        table=run.table,
        state=run.state,
        taken=report.get("taken", 0),
        known=report.get("known", 0),
        held_back=report.get("held_back_rows", 0),
        created_at=run.created_at,
        finished_at=run.finished_at,
        corrects=run.corrects,
        changed=report.get("changed", 0),
        corrected=len(run.corrected_lines),
        amount={currency: Decimal(amount) for currency, amount in report.get("amount", {}).items()},
    )


def source_names(session: Session) -> tuple[str, ...]:
    """Return the names of the sources that files came from."""
    return tuple(session.scalars(select(col(Source.name)).order_by(col(Source.name))))


def held_back_csv(
    store: OrdersStore, run: ImportRun, words: Translator | None = None, *, mended: Collection[int] = ()
) -> Iterator[str]:
    """Return the held-back rows as CSV text, as the file wrote them, with line and reason in front; without those `mended`.

    Cells that a spreadsheet would run as a formula get an apostrophe; negative numbers stay numbers.
    The file is found before this returns: what is yielded needs no session.

    Raises:
        NotFound: nothing was held back.
    """
    path = store.held_path(run.public_id)
    if not path.exists():
        path = store.upload_dir(run.public_id) / HELD
    if not path.exists():
        raise NotFound("no_held_back", N_("There are no held-back rows for this import."))
    return _held_rows(path, words, mended)


def _held_rows(path: Path, words: Translator | None, mended: Collection[int]) -> Iterator[str]:
    yield "\ufeff"
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            if number and int(row[0]) in mended:
                continue
            reason = words(row[1]) if words and number else row[1]
            out = io.StringIO()
            csv.writer(out).writerow([row[0], reason, *(_inert(cell) for cell in row[2:])])
            yield out.getvalue()


def _inert(cell: str) -> str:
    if not cell.startswith(FORMULA) or cell.lstrip("+-").replace(",", "").replace(".", "", 1).isdecimal():
        return cell
    return f"'{cell}"


@contextmanager
def _list(session: Session, store: OrdersStore) -> Iterator[sqlite3.Connection | None]:
    version = version_in_use(session)
    if not version:
        yield None
        return
    with store.open_list(version) as connection:
        yield connection


def as_of(session: Session, store: OrdersStore) -> date | None:
    """Return the day all figures are computed for; None while there are no orders."""
    with _list(session, store) as connection:
        return None if connection is None else list_file.read_as_of(connection)


current_day = as_of


def overview(session: Session, store: OrdersStore) -> Overview | None:
    """Return the shop at a glance; None while there are no orders."""
    with _list(session, store) as connection:
        return None if connection is None else list_file.read_overview(connection)


def count_elapsed(session: Session, store: OrdersStore) -> CountElapsedTable | None:
    """Return order count × days since the last order; None while there are no orders."""
    with _list(session, store) as connection:
        return None if connection is None else list_file.read_table(connection)


def list_customers(
    session: Session,
    store: OrdersStore,
    *,
    filters: CustomerFilters | None = None,
    sort: SortKey = "last_order_on",
    descending: bool = True,
    after: str | None = None,
    before: str | None = None,
    last: bool = False,
    limit: int = 50,
) -> CustomerPage:
    """Return one page of customers, newest or largest first: the first, the last, or the one beside a cursor.

    Raises:
        NotFound: the cursor was not made for a list.
    """
    order, position = list_pages.Order(sort, descending), Position(after, before, last)
    with _list(session, store) as connection:
        if connection is None:
            return CustomerPage((), 0, None)
        return list_pages.read_page(connection, filters or CustomerFilters(), order, position, limit)


def customer(session: Session, store: OrdersStore, *, customer_ref: str) -> CustomerSummary:
    """Return one customer's figures.

    Raises:
        NotFound: no customer in today's data has this reference.
    """
    found = customers_by_ref(session, store, customer_refs=[customer_ref])
    if not found:
        raise NotFound("no_customer", N_("This customer is not in the purchase data now."))
    return found[customer_ref]


def present(session: Session, store: OrdersStore, *, customer_refs: Collection[str]) -> frozenset[str]:
    """Return those of the references that today's data holds."""
    with _list(session, store) as connection:
        if connection is None or not customer_refs:
            return frozenset()
        marks = ", ".join("?" * len(customer_refs))
        rows = connection.execute(
            f"SELECT customer_ref FROM listed WHERE customer_ref IN ({marks})", tuple(customer_refs)
        )
        return frozenset(ref for (ref,) in rows)


def find_customers(session: Session, store: OrdersStore, *, text: str, limit: int = 50) -> tuple[CustomerSummary, ...]:
    """Return customers by number, or by a part of name, kana, mail or phone. Scans contact files: tens of milliseconds."""
    wanted = text.strip()
    if not wanted:
        return ()
    with _list(session, store) as connection:
        if connection is None:
            return ()
        found = {person.customer_ref: person for person in list_file.by_number(connection, wanted)}
        hits = [Key(*key) for key in contacts.find(store, manifest(session), text=wanted, limit=limit)]
        keys = identity.leading_to(session, customer_id=wanted, keys=hits)
        found |= list_file.by_refs(connection, dict.fromkeys(store.customer_ref(*key) for key in keys))
    return tuple(found.values())[:limit]


def customers_by_ref(
    session: Session, store: OrdersStore, *, customer_refs: Collection[str]
) -> dict[str, CustomerSummary]:
    """Return the figures of those of the references that today's data holds."""
    with _list(session, store) as connection:
        return {} if connection is None else list_file.by_refs(connection, dict.fromkeys(customer_refs))


def manifest(session: Session) -> list[str]:
    """Return the public ids of the imports whose rows count, oldest first."""
    states = [ImportState.DONE, ImportState.UNDOING]
    return list(
        session.scalars(
            select(col(ImportRun.public_id)).where(col(ImportRun.state).in_(states)).order_by(col(ImportRun.id))
        )
    )


def contact(session: Session, store: OrdersStore, *, source: str, customer_id: str) -> Contact | None:
    """Return a customer's contact data, for researchers and admins only; the caller logs the view."""
    keys = identity.standing_for(session, Key(source, customer_id))
    return identity.brought_together(contacts.read(store, manifest(session), keys=keys), keys)


def summaries(
    session: Session, store: OrdersStore, *, as_of: date | None = None, customer_class: CustomerClass | None = None
) -> list[CustomerSummary]:
    """Return every customer (of a class), by source and number; on another than the current day computed anew."""
    with _list(session, store) as connection:
        if connection is None:
            return []
        if as_of is None or as_of == list_file.read_as_of(connection):
            return list_file.of_class(connection, customer_class)
    from app.purchases.figures import build, people

    version = version_in_use(session)
    with store.duckdb() as backend:
        lines, ends = (backend.read_parquet(str(path(version))) for path in (store.lines_path, store.ends_path))
        figures = build.compute(backend, lines, ends, as_of=as_of, segments=in_force(session).segments)
        return people.people(figures, store.customer_ref, customer_class) if figures else []


def timeline(
    session: Session, store: OrdersStore, *, source: str, customer_id: str, as_of: date | None = None
) -> Timeline:
    """Return a customer's orders and events up to a day, by default the current as-of date; empty if they are gone."""
    version = version_in_use(session)
    day = as_of or current_day(session, store)
    if not version:
        return make_timeline((), day)
    keys = [(key.source, key.customer_id) for key in identity.standing_for(session, Key(source, customer_id))]
    return make_timeline(
        (Line(*row) for row in store.customer_lines(version, source, customer_id, COLUMNS)),
        day,
        subscriptions=subscription_events(store, version, source=source, customer_id=customer_id),
        happened=events_of(session, store, keys),
    )


def person_timeline(session: Session, store: OrdersStore, *, person_id: int) -> Timeline:
    """Return the timeline of a picked person; empty while their orders are not in the store."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("no_person", N_("This person does not exist."))
    return timeline(session, store, source=person.source, customer_id=person.customer_id)
