"""Every product in the orders, counted once for each build and kept beside it."""

import os
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlmodel import Session

from app.purchases.builds import version_in_use
from app.purchases.catalogue.schemas import Seen, SeenFamily, SeenProduct
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SEEN = TypeAdapter(Seen)
MOST_NAMES = 20
# names and kinds of a product, then the product as a whole: an order with two lines of it counts once
NAMED = """
    SELECT shop AS source, product_code, product_name, kind, count(*) AS lines FROM read_parquet($lines)
    WHERE effect != 'none' GROUP BY ALL
"""
COUNTED = """
    SELECT shop AS source, product_code, if(product_code = '', product_name, '') AS product_name, min(currency) AS currency,
        count(DISTINCT (source, customer_id, order_ref)) FILTER (effect = 'sale') AS orders,
        count(DISTINCT (source, customer_id)) FILTER (effect = 'sale' AND customer_id != '') AS people,
        sum(amount) AS amount
    FROM read_parquet($lines) WHERE effect != 'none' GROUP BY ALL
"""
FAMILIES = """
    SELECT product_family AS family, count(DISTINCT (source, customer_id, order_ref)) AS orders,
        count(DISTINCT (source, customer_id)) FILTER (customer_id != '') AS people
    FROM read_parquet($lines) WHERE effect = 'sale' AND product_family != '' GROUP BY ALL ORDER BY people DESC, family
"""
Counts = dict[tuple[str, str, str], Counter[str]]


def read_seen(session: Session, store: OrdersStore) -> Seen:
    """Return the products of the orders in force; counts them at the first call after a build (1 s a few million lines)."""
    version = version_in_use(session)
    if not version:
        return Seen()
    path = store.seen_path(version)
    if not path.exists():
        with store.plain_duckdb() as connection:
            found = count(connection, store.lines_path(version))
        _keep(found, path)
        return found
    return SEEN.validate_json(path.read_bytes())


def count(connection: "DuckDBPyConnection", lines: Path) -> Seen:
    """Return the products in a file of order lines, the dearest first."""
    given = {"lines": str(lines)}
    names: Counts = defaultdict(Counter)
    kinds: Counts = defaultdict(Counter)
    for source, code, name, kind, number in connection.execute(NAMED, given).fetchall():
        key = (source, code, "" if code else name)
        names[key][name] += number
        kinds[key][kind] += number
    rows = connection.execute(COUNTED, given).fetchall()
    families = connection.execute(FAMILIES, given).fetchall()
    return Seen(
        products=tuple(sorted(_products(rows, names, kinds), key=lambda one: (-one.amount, one.key))),
        families=tuple(SeenFamily(*row) for row in families),
    )


def _products(rows: list[tuple[Any, ...]], names: Counts, kinds: Counts) -> list[SeenProduct]:
    return [
        SeenProduct(
            source=source, product_code=code, product_name=name, orders=orders, people=people, amount=amount, currency=currency,
            names=tuple(text for text, _ in names[source, code, name].most_common() if text)[:MOST_NAMES],
            kinds=tuple(kind for kind, _ in kinds[source, code, name].most_common() if kind),
        )
        for source, code, name, currency, orders, people, amount in rows
        if code or name
    ]  # fmt: skip


def _keep(found: Seen, path: Path) -> None:
    """Write the file under another name and rename it: a reader never sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".seen-")
    with os.fdopen(handle, "wb") as file:
        file.write(SEEN.dump_json(found))
    Path(name).replace(path)
