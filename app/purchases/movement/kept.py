"""Keeps what a build moved against the one before it: the people in a file of the build, the counts also with the import."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from app.core import sql
from app.core.types import JsonDict
from app.purchases.figures import list_file
from app.purchases.models import ImportRun
from app.purchases.movement import arrows
from app.purchases.movement.schemas import GONE, MERGED, NONE, SPLIT, Arrow, Arrows, Kept, MadeBy, Moves
from app.purchases.schemas import Group, Overview
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

    from app.purchases.figures.build import Figures

KEPT = TypeAdapter(Kept)
NOTHING = Moves(Arrows(), Arrows())
MARK = "movement"
ONE_PERSON = f"""SELECT source, customer_id,
    CASE WHEN split THEN '{SPLIT}' ELSE class_before END AS class_before,
    CASE WHEN merged THEN '{MERGED}' ELSE class_after END AS class_after,
    CASE WHEN split THEN '{SPLIT}' ELSE type_before END AS type_before,
    CASE WHEN merged THEN '{MERGED}' ELSE type_after END AS type_after
FROM (SELECT rows.*,
    class_before = '{NONE}' AND hash(source, customer_id) IN (SELECT hash(source, customer_id) FROM {{merges_before}}) AS split,
    class_after = '{GONE}' AND hash(source, customer_id) IN (SELECT hash(source, customer_id) FROM {{merges}}) AS merged
    FROM ({{rows}}) AS rows)"""
COPY = f"""COPY (SELECT * FROM {{rows}} WHERE class_before <> class_after OR type_before <> type_after
    ORDER BY source, customer_id) TO {{target}} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{{{MARK}: {{told}}}}}})"""


@dataclass(frozen=True)
class Change:
    """What a build changes: the version in use until now, who is merged into whom, the import that comes in or goes."""

    before: str
    merges: "pa.Table"
    joining: ImportRun | None = None
    leaving: ImportRun | None = None

    @property
    def made_by(self) -> MadeBy:
        """What makes the build."""
        return "import" if self.joining else "undo" if self.leaving else "rebuild"

    @property
    def import_id(self) -> str:
        """The import it is about, if it is about one."""
        run = self.joining or self.leaving
        return run.public_id if run else ""


def write(backend: "Backend", store: OrdersStore, figures: "Figures", change: Change, target: Path) -> None:
    """Write the file of a build: who moved, and the counts of everybody.

    Columns: source, customer_id, class_before, class_after, type_before, type_after, of those alone who moved. Where there was
    no build before, nobody moved: everybody is new.
    """
    from app.purchases.figures.stored import stored
    from app.purchases.identity import effect

    kept = Kept(change.made_by, change.import_id, None, figures.as_of, NOTHING, (), figures.limits)
    earlier, connection = store.summary_path(change.before), backend.con
    people = figures.customers.get_name()
    if change.before and earlier.exists():
        known = arrows.both(sql.parquet(earlier), people)
        merges = [
            stored(backend, one).get_name() for one in (effect.read(store.merges_path(change.before)), change.merges)
        ]
        rows = ONE_PERSON.format(rows=known, merges_before=merges[0], merges=merges[1])
        connection.execute(f"CREATE OR REPLACE TEMP TABLE moving AS {rows}")
        shop = _overview(store, change.before)
        kept = replace(
            kept, as_of_before=shop.as_of, moves=arrows.count(connection, "moving"), limits_before=shop.sources
        )
    else:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE moving AS {arrows.both(people, people)} LIMIT 0")
    told = sql.literal(KEPT.dump_json(kept).decode())
    connection.execute(COPY.format(rows="moving", target=sql.literal(str(target)), told=told))


def read(path: Path) -> Kept | None:
    """Return what the file of a build says; None where the build has none, as those of earlier versions of the program."""
    import pyarrow.parquet as pq

    try:
        told = pq.read_metadata(path).metadata
    except FileNotFoundError:
        return None
    return KEPT.validate_json(told[MARK.encode()])


def told(store: OrdersStore, version: str, *, before: str, import_id: str) -> JsonDict:
    """Return what a build moved as it stays with its import; of no build, after the last undo, that everybody went."""
    kept = read(store.moved_path(version)) if version else _all_gone(store, before, import_id)
    return KEPT.dump_python(kept, mode="json") if kept else {}


def of_import(stored_counts: JsonDict) -> Kept | None:
    """Return what stays with an import; None where nothing was kept."""
    return KEPT.validate_python(stored_counts) if stored_counts else None


def _all_gone(store: OrdersStore, before: str, import_id: str) -> Kept | None:
    if not before:
        return None
    shop = _overview(store, before)
    moves = Moves(_going(shop.classes), _going(shop.types))
    return Kept("undo", import_id, shop.as_of, None, moves, shop.sources)


def _overview(store: OrdersStore, version: str) -> Overview:
    with store.open_list(version) as listed:
        return list_file.read_overview(listed)


def _going(groups: tuple[Group, ...]) -> Arrows:
    return Arrows(tuple(Arrow(one.key, GONE, one.people) for one in groups if one.people))
