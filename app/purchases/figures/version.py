"""Builds the files that pages read from the imports in force: lines, orders, summary, list, under a fresh version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from app.core.database import read_session
from app.core.types import new_public_id
from app.jobs.schemas import JobServices
from app.purchases.classes import Segments
from app.purchases.models import FileTable, ImportRun, ImportState, PurchaseSettings
from app.purchases.segments_file import in_force
from app.purchases.store import LIST, OrdersStore, settle

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

    from app.purchases.catalogue.names import Key
    from app.purchases.figures.build import Figures
    from app.purchases.identity.merges import Edge

Table = Any  # Ibis builds its column attributes at run time; the type checker cannot follow them


@dataclass(frozen=True)
class Parts:
    """What a build is made of beside the order rows."""

    as_of: date | None = None
    products: "pa.Table | None" = None
    edges: Sequence["Edge"] = ()
    subscriptions: Sequence[Path] = ()
    attributes: Sequence[Path] = ()
    lasting: "Mapping[Key, int]" = field(default_factory=dict)
    surveys: Sequence[Path] = ()
    segments: Segments = field(default_factory=Segments)
    before: str = ""


def manifest(
    services: JobServices, *, source: str | None = None, table: FileTable | None = FileTable.ORDERS
) -> list[str]:
    """Return the public ids of the imports in force, oldest first; of every kind of file where `table` is None."""
    with read_session(services.engine) as session:
        return _in_force(session, source=source, table=table)


def _in_force(session: Session, *, source: str | None = None, table: FileTable | None) -> list[str]:
    wanted = select(col(ImportRun.public_id)).where(col(ImportRun.state).in_([ImportState.DONE, ImportState.UNDOING]))
    if table is not None:
        wanted = wanted.where(col(ImportRun.table) == table)
    if source is not None:
        wanted = wanted.where(col(ImportRun.source) == source)
    return list(session.scalars(wanted.order_by(col(ImportRun.id))))


def build_version(
    services: JobServices, imports: Sequence[str], *, joining: ImportRun | None = None, leaving: ImportRun | None = None,
    phase: Callable[[str], None] = lambda _: None,
) -> str:  # fmt: skip
    """Write lines, summary and list for these order imports under a fresh version and return it; empty for no orders.

    `joining` and `leaving` are the import that this build takes in or drops: its files of other kinds count accordingly.
    """
    from app.purchases.figures import build, order_file, tables
    from app.purchases.identity import effect
    from app.purchases.movement import kept
    from app.purchases.other import attribute_tables
    from app.purchases.scoring import answers
    from app.purchases.stopping import lasting

    store: OrdersStore = services.orders
    if not imports:
        return ""
    with read_session(services.engine) as session:
        parts = _parts(session, store, joining, leaving)
    version = new_public_id()
    work = store.uploads_dir / f"build-{version}"
    work.mkdir(parents=True, exist_ok=True)
    try:
        with store.duckdb() as backend:
            phase("counting")
            rows = [store.rows_path(name) for name in imports]
            fixes = [path for name in imports if (path := store.fixes_path(name)).exists()]
            found = counted(backend, rows, fixes, parts, work)
            if found is None:
                return ""
            lines, figures, merges = found
            phase("listing")
            build.write_lines(backend, lines, work / "lines.parquet")
            tables.write_contributions(backend.con, work / "lines.parquet", work / "brought.json")
            order_file.write(backend.con, figures, work / "lines.parquet", work / "orders.parquet")
            listed = work / LIST
            write_list(backend, figures, listed, key=store.secret, as_of_is_set=parts.as_of is not None, segments=parts.segments)  # fmt: skip
            attribute_tables.write(backend.con, listed, parts.attributes, as_of=figures.as_of, merged=merges)
            effect.write(merges, work / "merges.parquet")
            lasting.write(work / "lasting.parquet", parts.lasting)
            change = kept.Change(parts.before, merges, joining, leaving)
            kept.write(backend, store, figures, change, work / "moved.parquet")
            answers.write(backend.con, parts.surveys, work / "answers.parquet", merges, as_of=figures.as_of)
        for name, final in store.built(version).items():
            settle(work / name, final)
    finally:
        store.drop_upload(work.name)
    return version


def _parts(session: Session, store: OrdersStore, joining: ImportRun | None, leaving: ImportRun | None) -> Parts:
    from app.purchases.catalogue.queries import products, products_table
    from app.purchases.identity.queries import merge_edges
    from app.purchases.stopping.lasting import days_of

    def names(table: FileTable) -> list[str]:
        found = _in_force(session, table=table)
        if joining is not None and joining.table is table and joining.public_id not in found:
            found.append(joining.public_id)
        return [name for name in found if leaving is None or name != leaving.public_id]

    row = session.get(PurchaseSettings, 1)
    set_for = names(FileTable.PRODUCTS)
    return Parts(
        as_of=row.as_of_override if row else None,
        products=products_table(session, store, imports=set_for),
        lasting=days_of(products(session, store, imports=set_for)),
        edges=merge_edges(session),
        subscriptions=[store.subscriptions_path(name) for name in names(FileTable.SUBSCRIPTIONS)],
        attributes=[store.attributes_path(name) for name in names(FileTable.MEMBERS)],
        surveys=[store.surveys_path(name) for name in names(FileTable.SURVEYS)],
        segments=in_force(session).segments,
        before=row.summary_version if row else "",
    )


def counted(
    backend: "Backend", rows: Sequence[Path], fixes: Sequence[Path], parts: Parts, work: Path
) -> "tuple[Table, Figures, pa.Table] | None":
    """Write summary and subscriptions of these rows into `work`; return lines, figures and merges, None without orders."""
    from app.purchases.figures import build
    from app.purchases.figures.lines import LinesInput, lines
    from app.purchases.identity.effect import effective

    merges = effective(backend.con, rows, parts.edges, parts.attributes)
    found = lines(backend, LinesInput(rows, fixes, merges, parts.products))
    ends = write_ends(backend, found, parts, work, merges)
    summary = work / "summary.parquet"
    figures = build.compute(backend, found, ends, as_of=parts.as_of, segments=parts.segments, summary=summary)
    return None if figures is None else (found, figures, merges)


def write_ends(backend: "Backend", lines: Table, parts: Parts, work: Path, merges: "pa.Table") -> Table:
    """Write which subscriptions run or ended as `ends.parquet`, and return it."""
    from app.purchases.catalogue import ends
    from app.purchases.figures.stored import parquet_table

    said, target = work / "ended-lines.parquet", work / "ends.parquet"
    backend.to_parquet(lines.filter(lines.subscription_cancelled_on.notnull()), str(said))
    ends.write(backend.con, said, parts.subscriptions, target, merges=merges)
    said.unlink()
    ends.add_deliveries(backend.con, lines.get_name(), target, as_of=parts.as_of)
    return parquet_table(backend, target)


def write_list(
    backend: "Backend", figures: "Figures", target: Path, *, key: bytes, as_of_is_set: bool, segments: Segments | None = None
) -> None:  # fmt: skip
    """Write the file that pages list from, with the tables of the first page."""
    from app.purchases.figures import list_write, tables

    overview = replace(tables.overview(figures, as_of_is_set=as_of_is_set), segments=segments or Segments())
    list_write.write(target, backend.con, figures, overview, tables.count_elapsed(figures), key=key)
