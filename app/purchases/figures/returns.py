"""Finds the order that a returned or cancelled piece came from, among all rows of its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
from ibis import _

from app.purchases.figures.stored import Table, Value, rows_of, stored

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

PLACE = ("import_number", "line")
GOODS = ("source", "customer_id", "product")
SOLD = ("source", "customer_id", "order_ref")
MATCHED = pa.schema([("import_number", pa.int64()), ("line", pa.int64()), ("order_ref", pa.string())])


@dataclass
class Stock:
    """Pieces of one product that one order of a customer still has."""

    order_ref: str
    moment: datetime
    pieces: int


def with_orders(backend: "Backend", lines: Table) -> Table:
    """Give each return that can be matched the `order_ref` of the order it takes from.

    In this order: a number like C123 names order 123; the return's own number is an order of the same customer; the newest
    earlier order of the same customer holding enough pieces of the same product.
    """
    found = matched(backend, lines)
    if found is None:
        return lines
    known = found.rename(return_import="import_number", return_line="line", return_ref="order_ref")
    joined = lines.left_join(known, [lines.import_number == known.return_import, lines.line == known.return_line])
    return joined.mutate(order_ref=ibis.coalesce(_.return_ref, _.order_ref)).select(lines.columns)


def matched(backend: "Backend", lines: Table) -> Table | None:
    """Return (import_number, line, order_ref) of every matched return; None where nothing came back."""
    back = lines.filter(_.effect == "counter").mutate(
        product=product(_),
        named_ref=ibis.ifelse(_.order_id.re_search("^[Cc][0-9]+$"), _.order_id.substr(1), _.order_id),
    )
    back = stored(backend, back.select(*PLACE, *SOLD, "product", "named_ref", "ordered_at", "quantity"))
    if not back.count().to_pyarrow().as_py():
        return None
    sales = lines.filter(_.effect == "sale").mutate(product=product(_))
    orders = sales.semi_join(back, ["source", "customer_id"]).select(SOLD).distinct()
    orders = stored(backend, orders)
    explicit = back.join(
        orders,
        [back.source == orders.source, back.customer_id == orders.customer_id, back.named_ref == orders.order_ref],
    ).select(*(back[name] for name in (*PLACE, *GOODS, "quantity")), order_ref=back.named_ref)
    explicit = stored(backend, explicit)
    rest = back.anti_join(explicit, PLACE).filter(_.customer_id != "").order_by("ordered_at", *PLACE)
    later = pa.Table.from_pylist(list(_later(rest, _stocks(sales, back, explicit))), schema=MATCHED)
    named = explicit.select(*PLACE, "order_ref")
    return stored(backend, named.union(stored(backend, later)) if later.num_rows else named)


def count_matched(backend: "Backend", lines: Table, import_number: int) -> tuple[int, int]:
    """Return how many returned lines of an import were matched to an order, and how many were not."""
    found = matched(backend, lines)
    counters = lines.filter((_.effect == "counter") & (_.import_number == import_number)).count().to_pyarrow().as_py()
    if found is None or not counters:
        return 0, counters
    given = found.filter(_.import_number == import_number).count().to_pyarrow().as_py()
    return given, counters - given


def product(line: Value) -> Value:
    """Return what says that two lines sell the same: the product code, or the name where there is none."""
    return ibis.ifelse(line.product_code != "", line.product_code, line.product_name)


def _stocks(sales: Table, back: Table, explicit: Table) -> dict[tuple[str, ...], list[Stock]]:
    """Return what the orders of customers with returns hold, oldest first, less what named returns take back."""
    held = sales.semi_join(back, list(GOODS)).filter(_.customer_id != "").group_by(*GOODS, "order_ref").agg(
        pieces=_.quantity.sum(), moment=_.ordered_at.min(), last_import=_.import_number.max(), last_line=_.line.max()
    )  # fmt: skip
    taken = explicit.group_by(*GOODS, "order_ref").agg(taken=_.quantity.sum())
    left = held.left_join(taken, [*GOODS, "order_ref"]).mutate(left=_.pieces + _.taken.fill_null(0))
    stocks: dict[tuple[str, ...], list[Stock]] = {}
    ordered = left.order_by("moment", "last_import", "last_line")
    for row in rows_of(ordered):
        stock = Stock(row["order_ref"], row["moment"], row["left"])
        stocks.setdefault((row["source"], row["customer_id"], row["product"]), []).append(stock)
    return stocks


def _later(rest: Table, stocks: dict[tuple[str, ...], list[Stock]]) -> Iterator[dict[str, object]]:
    """Yield the returns that an earlier order can give, the oldest return first, the newest order first."""
    for row in rows_of(rest):
        for stock in reversed(stocks.get((row["source"], row["customer_id"], row["product"]), ())):
            if stock.moment <= row["ordered_at"] and stock.pieces >= abs(row["quantity"]):
                stock.pieces -= abs(row["quantity"])
                yield {"import_number": row["import_number"], "line": row["line"], "order_ref": stock.order_ref}
                break
