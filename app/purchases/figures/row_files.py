"""Reads the row files of imports as one relation; a file holds only the columns that its shop writes."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from ibis.util import gen_name

from app.core import sql
from app.purchases.figures.stored import Table, table_of

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

# column -> what it is where a file does not have it, as SQL
OPTIONAL = {
    "line_id": "''",
    "acquisition_channel": "''",
    "subscription_id": "''",
    "subscription_number": "CAST(NULL AS INTEGER)",
    "subscription_status": "''",
    "subscription_cancelled_on": "CAST(NULL AS DATE)",
    "cancel_reason": "''",
    "coupon": "''",
    "discount": "CAST(NULL AS DECIMAL(18, 4))",
    "points_used": "CAST(NULL AS DECIMAL(18, 4))",
    "refunded": "CAST(NULL AS DECIMAL(18, 4))",
    "dispatched_on": "CAST(NULL AS DATE)",
    "prefecture": "''",
    "is_company": "false",
    "ship_to_other": "false",
}


def read_row_files(backend: "Backend", paths: Sequence[Path]) -> Table:
    """Return the rows of these files."""
    name = gen_name("row_files")
    backend.con.execute(f"CREATE TEMP VIEW {name} AS {rows_sql(paths)}")
    return table_of(backend, name)


def rows_sql(paths: Sequence[Path]) -> str:
    """Return the SELECT of the rows of these files."""
    alike: dict[tuple[str, ...], list[Path]] = defaultdict(list)
    for path in paths:
        have = frozenset(pq.read_schema(path).names)
        alike[tuple(name for name in OPTIONAL if name not in have)].append(path)
    selects = []
    for gone, files in alike.items():
        plain = "".join(f", {OPTIONAL[name]} AS {name}" for name in gone)
        selects.append(f"SELECT *{plain} FROM {sql.parquet(*files)}")
    return " UNION ALL BY NAME ".join(selects)
