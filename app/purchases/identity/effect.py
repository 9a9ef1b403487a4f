"""Which merges change the figures: those whose two keys both have rows in the files that count."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from app.purchases.identity.merges import Edge, Key, resolved

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMA = pa.schema([(name, pa.string()) for name in ("source", "customer_id", "to_source", "to_customer_id")])


def effective(connection: "DuckDBPyConnection", files: Sequence[Path], edges: Sequence[Edge]) -> pa.Table:
    """Return source, customer_id → to_source, to_customer_id for each key whose rows count as another's.

    Chains are resolved; a key is never its own target; currencies are never brought together.
    """
    if not edges or not files:
        return SCHEMA.empty_table()
    asked = list(dict.fromkeys(key for edge in edges for key in edge))
    connection.register("merge_keys", pa.table({name: [key[i] for key in asked] for i, name in enumerate(Key._fields)}))
    rows = connection.execute(
        "SELECT source, customer_id, list(DISTINCT currency) FROM read_parquet($files) "
        "SEMI JOIN merge_keys USING (source, customer_id) GROUP BY source, customer_id",
        {"files": [str(path) for path in files]},
    ).fetchall()
    connection.unregister("merge_keys")
    currencies = {Key(source, customer_id): frozenset(found) for source, customer_id, found in rows}
    pairs = [(*key, *to) for key, to in sorted(resolved(edges, currencies).items())]
    return pa.table([[pair[i] for pair in pairs] for i in range(4)], SCHEMA)
