"""Which merges change the figures: those whose two keys both have rows in the files that count."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from app.purchases.identity.merges import Edge, Key, resolved

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMA = pa.schema([(name, pa.string()) for name in ("source", "customer_id", "to_source", "to_customer_id")])


def effective(
    connection: "DuckDBPyConnection", files: Sequence[Path], edges: Sequence[Edge], also: Sequence[Path] = ()
) -> pa.Table:
    """Return source, customer_id → to_source, to_customer_id for each key whose rows count as another's.

    `files` are the order rows that count; `also` are files of other tables with the columns source and customer_id.
    Chains are resolved; a key is never its own target; currencies are never brought together.
    """
    if not edges or not files:
        return SCHEMA.empty_table()
    asked = list(dict.fromkeys(key for edge in edges for key in edge))
    columns = {name: [key[place] for key in asked] for place, name in enumerate(Key._fields)}
    connection.register("merge_keys", pa.table(columns))
    rows = _known(connection, "list(DISTINCT currency)", files) + (_known(connection, "[]", also) if also else [])
    connection.unregister("merge_keys")
    currencies: dict[Key, frozenset[str]] = {}
    for source, customer_id, found in rows:
        key = Key(source, customer_id)
        currencies[key] = currencies.get(key, frozenset()) | frozenset(found)
    pairs = [(*key, *to) for key, to in sorted(resolved(edges, currencies).items())]
    return pa.table([[pair[place] for pair in pairs] for place in range(len(SCHEMA))], SCHEMA)


def write(merges: pa.Table, target: Path) -> None:
    """Keep the merges that a build was made with beside it."""
    pq.write_table(merges, target)


def read(path: Path) -> pa.Table:
    """Return the merges of a build; none of a build from before they were kept."""
    return pq.read_table(path) if path.exists() else SCHEMA.empty_table()


def _known(
    connection: "DuckDBPyConnection", currencies: str, files: Sequence[Path]
) -> list[tuple[str, str, list[str]]]:
    return connection.execute(
        f"SELECT source, customer_id, {currencies} FROM read_parquet($files) "
        "SEMI JOIN merge_keys USING (source, customer_id) GROUP BY source, customer_id",
        {"files": [str(path) for path in files]},
    ).fetchall()
