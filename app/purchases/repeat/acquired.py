"""What brought people's first order, where their shop's files say it; the orders of earlier versions have no such column."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.core import sql
from app.purchases.builds import NotCounted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from app.purchases.store import OrdersStore

COLUMN = "acquisition_channel"
THERE = f"SELECT count(*) FROM parquet_schema(?) WHERE name = '{COLUMN}'"
WORDS = f"""SELECT {COLUMN} FROM read_parquet(?) WHERE order_number = 1 AND {COLUMN} <> ''
    GROUP BY ALL ORDER BY count(*) DESC, {COLUMN} LIMIT ?"""


def words(connection: "DuckDBPyConnection", orders: Path, most: int) -> tuple[str, ...]:
    """Return what brought people by a build's file of orders, the most frequent first; nothing where no file says it."""
    if not orders.exists() or not _is_there(connection, orders):
        return ()
    return tuple(word for (word,) in connection.execute(WORDS, [str(orders), most]).fetchall())


def make(connection: "DuckDBPyConnection", store: "OrdersStore", version: str) -> None:
    """Make the relation `acquired` (source, customer_id, acquisition_channel) of first orders.

    Raises:
        NotCounted: the build was made by an earlier version.
    """
    orders = store.orders_path(version)
    if not orders.exists() or not _is_there(connection, orders):
        raise NotCounted
    connection.execute(
        f"CREATE TEMP VIEW acquired AS SELECT source, customer_id, {COLUMN} FROM {sql.parquet(orders)} WHERE order_number = 1"
    )


def _is_there(connection: "DuckDBPyConnection", orders: Path) -> bool:
    return connection.execute(THERE, [str(orders)]).fetchall() != [(0,)]
