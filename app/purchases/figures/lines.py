"""From the row files of all imports to the order lines that count: one for each row key, corrected, merged, named."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import ibis
from ibis import _

from app.purchases.figures import returns
from app.purchases.figures.row_files import read_row_files
from app.purchases.figures.stored import Table, Value, parquet_table, rows_of, stored, view_of, viewed

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

SEPARATOR = "\x1f"
SAME = (
    "product_code", "product_name", "line_type", "kind", "subscription_id", "subscription_number", "sales_channel", "nth",
)  # fmt: skip


@dataclass(frozen=True)
class LinesInput:
    """What the lines are made of.

    `rows` and `fixes` are the imports' Parquet files (a fix names a line of an import); `merges` says which customer is
    which other one (source, customer_id, to_source, to_customer_id: no chains, one currency); `products` gives family and
    kind by source and product code, or by product name for lines without a code.
    """

    rows: Sequence[Path]
    fixes: Sequence[Path] = ()
    merges: "pa.Table | None" = None
    products: "pa.Table | None" = None


def lines(backend: "Backend", inputs: LinesInput) -> Table:
    """Return the order lines that count, with order_ref, nth, shop and product_family."""
    kept = viewed(backend, returns.with_orders(backend, placed(backend, inputs)))
    kept = returns.without_refunds(backend, kept)
    return viewed(backend, named(backend, merged(backend, kept, inputs.merges), inputs.products))


def placed(backend: "Backend", inputs: LinesInput) -> Table:
    """Return one row for each row key, that of the newest import, with its own order_ref and shop."""
    rows = corrected(backend, inputs)
    kept = newest(backend, rows) if len(inputs.rows) > 1 else rows
    return view_of(backend, kept, _with_reference)


def _with_reference(rows: Table) -> Table:
    return rows.mutate(order_ref=order_ref(rows), shop=_.source).drop("line_id")


def corrected(backend: "Backend", inputs: LinesInput) -> Table:
    """Return the rows as the whole of their file shows them: without those held back, with nth among equal rows."""
    rows = read_row_files(backend, inputs.rows)
    if not inputs.fixes:
        return rows.mutate(nth=ibis.literal(1, "int32"))
    fixes = parquet_table(backend, *inputs.fixes)
    fixes = fixes.select("held_code", fix_import=_.import_number, fix_line=_.line, fix_nth=_.nth)
    both = rows.left_join(fixes, [rows.import_number == fixes.fix_import, rows.line == fixes.fix_line])
    mended = both.filter(_.held_code.isnull()).mutate(nth=ibis.coalesce(_.fix_nth, 1).cast("int32"))
    return mended.select(*rows.columns, "nth")


def row_key(rows: Table) -> Value:
    """Return a 64-bit key of what makes a row itself (`rows` with nth): computed where it is needed, never kept.

    Order and line number where the format has both, else all values that do not change later; amounts without their
    sign, because a later status turns it. At ten million rows two keys meet by chance once in 400,000 stores.
    """
    exact = ibis.struct({"source": rows.source, "order_id": rows.order_id, "line_id": rows.line_id})
    parts = {"source": rows.source, "owner": _owner(rows), "order_id": rows.order_id, "ordered_at": rows.ordered_at}
    parts |= {"quantity": rows.quantity.abs(), "amount": rows.amount.abs()} | {name: rows[name] for name in SAME}
    return ibis.ifelse(_numbered(rows), exact.hash(), ibis.struct(parts).hash())


def order_ref(rows: Table) -> Value:
    """Return what groups lines to an order (`rows` with nth): the order id, or a stable name of the row itself."""
    parts = [rows.source, _owner(rows), rows.ordered_at.cast("string")]
    parts += [rows.quantity.abs().cast("string"), rows.amount.abs().cast("string")]
    parts += [ibis.coalesce(rows[name].cast("string"), "") for name in SAME]
    digest = ibis.literal(SEPARATOR).join(parts).hexdigest("md5")
    return ibis.ifelse(rows.order_id != "", rows.order_id, ibis.literal("row-") + digest.left(20))


def _owner(rows: Table) -> Value:
    return ibis.ifelse(rows.order_id == "", rows.customer_id, "")


def _numbered(rows: Table) -> Value:
    return (rows.line_id != "") & (rows.order_id != "")


def newest(backend: "Backend", rows: Table) -> Table:
    """Keep one row for each key: that of the newest import.

    Only rows of a source's later imports are put into a table by key: what a shop sends again is little beside the first.
    """
    sources = rows.group_by("source").agg(imports=_.import_number.nunique(), first=_.import_number.min())
    begun = {row["source"]: row["first"] for row in rows_of(sources.filter(_.imports > 1))}
    if not begun:
        return rows
    first = ibis.cases(*((_.source == source, first) for source, first in begun.items()), else_=2**62)
    keyed = rows.mutate(row_key=row_key(rows))
    later = keyed.filter(_.import_number > first).group_by("row_key").agg(newest_import=_.import_number.max())
    place = ("import_number", "line")
    older = keyed.join(later, "row_key").filter(_.import_number < _.newest_import).select(place)
    replaced = stored(backend, older)
    return rows.anti_join(replaced, place) if replaced.count().to_pyarrow().as_py() else rows


def merged(backend: "Backend", rows: Table, merges: "pa.Table | None") -> Table:
    """Give the lines of a merged customer to the person they belong to; `shop` keeps where they came from."""
    if merges is None or not merges.num_rows:
        return rows
    known = stored(backend, merges)
    known = known.rename(from_source="source", from_id="customer_id")
    joined = rows.left_join(known, [rows.source == known.from_source, rows.customer_id == known.from_id])
    moved = joined.mutate(
        source=ibis.coalesce(_.to_source, _.source), customer_id=ibis.coalesce(_.to_customer_id, _.customer_id)
    )
    return moved.select(rows.columns)


def _without_family(rows: Table) -> Table:
    return rows.mutate(product_family=ibis.literal(""))


def named(backend: "Backend", rows: Table, products: "pa.Table | None") -> Table:
    """Add each line's product family, and the product's kind where somebody set one."""
    if products is None or not products.num_rows:
        return view_of(backend, rows, _without_family)
    known = stored(backend, products)
    known = known.select(
        known_shop=_.source,
        known_key=ibis.ifelse(_.product_code != "", "c" + _.product_code, "n" + _.product_name),
        known_family=_.family,
        known_kind=_.kind,
    )
    keyed = rows.mutate(product_key=ibis.ifelse(_.product_code != "", "c" + _.product_code, "n" + _.product_name))
    joined = keyed.left_join(known, [keyed.shop == known.known_shop, keyed.product_key == known.known_key])
    # a line of a subscription stays one, whatever the product is sold as otherwise
    other = (
        joined.known_kind.nullif("").notnull() & (joined.subscription_id == "") & joined.subscription_number.isnull()
    )
    return joined.mutate(
        kind=ibis.ifelse(other, joined.known_kind, joined.kind), product_family=ibis.coalesce(joined.known_family, "")
    ).select(*rows.columns, "product_family")
