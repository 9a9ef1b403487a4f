"""Steps of a computation kept as tables of their own: one nested expression takes Ibis seconds to write as SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa
from ibis.backends.sql.datatypes import DuckDBType
from ibis.expr import operations as ops
from ibis.util import gen_name

from app.core import sql

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

Table = Any  # Ibis builds its column attributes at run time; the type checker cannot follow them
Value = Any  # an Ibis column, for the same reason
ROWS = "rows_to_change"


def table_of(backend: "Backend", name: str) -> Table:
    """Return a table or view of the connection: Ibis' own way parses the type of every column anew, a millisecond each."""
    columns = backend.con.execute(f"DESCRIBE {name}").fetchall()
    schema = ibis.schema({column: _type(kind, nullable=nullable == "YES") for column, kind, nullable, *_ in columns})
    return ops.DatabaseTable(name, schema=schema, source=backend, namespace=ops.Namespace()).to_expr()


def parquet_table(backend: "Backend", *paths: Path) -> Table:
    """Return the rows of Parquet files."""
    name = gen_name("file")
    backend.con.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {sql.parquet(*paths)}")
    return table_of(backend, name)


@cache
def _type(kind: str, *, nullable: bool) -> Value:
    return DuckDBType.from_string(kind, nullable=nullable)


def stored(backend: "Backend", step: Table) -> Table:
    """Compute an expression, or take an Arrow table, into a table that lives as long as the backend."""
    name = gen_name("step")
    if isinstance(step, pa.Table):
        backend.con.register(f"{name}_arrow", step)
        backend.con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_arrow")
        backend.con.unregister(f"{name}_arrow")
        return table_of(backend, name)
    backend.con.execute(f"CREATE TEMP TABLE {name} AS {backend.compile(step)}")
    return table_of(backend, name)


def viewed(backend: "Backend", step: Table) -> Table:
    """Give an expression that several steps read a name: each of them would have to write it out again.

    A table keeps its own.
    """
    if isinstance(step.op(), ops.DatabaseTable):
        return step
    name = gen_name("step")
    backend.con.execute(f"CREATE TEMP VIEW {name} AS {backend.compile(step)}")
    return table_of(backend, name)


def view_of(backend: "Backend", rows: Table, change: Callable[[Table], Table]) -> Table:
    """Return the rows changed, as a view: for rows of one shape the change is written as SQL once."""
    rows = viewed(backend, rows)
    name = gen_name("step")
    query = _written(change, rows.schema()).replace(f'"{ROWS}"', f'"{rows.get_name()}"')
    backend.con.execute(f"CREATE TEMP VIEW {name} AS {query}")
    return table_of(backend, name)


@lru_cache(maxsize=32)
def _written(change: Callable[[Table], Table], schema: ibis.Schema) -> str:
    return str(ibis.to_sql(change(ibis.table(schema, name=ROWS)), dialect="duckdb"))


@dataclass(frozen=True)
class Step:
    """A step written as SQL once and used for many builds: it reads, and makes, tables by their names alone."""

    table: Table
    sql: str

    def make(self, backend: "Backend") -> Table:
        """Compute the step into the table of its name, which replaces that of an earlier computation."""
        name = self.table.get_name()
        backend.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {self.sql}")
        return table_of(backend, name)

    def rows(self, backend: "Backend") -> list[dict[str, Any]]:
        """Return the few rows of the step."""
        found: list[dict[str, Any]] = backend.con.sql(self.sql).to_arrow_table().to_pylist()
        return found


def step(name: str, expression: Table) -> Step:
    """Write an expression over tables that are only named.

    Its columns are cast to the types that Ibis says: the engine's sums are wider, and nobody looks at the finished table.
    """
    schema = expression.schema()
    columns = ", ".join(
        f"CAST({column} AS {DuckDBType.to_string(kind)}) AS {column}" for column, kind in schema.items()
    )
    sql = f"SELECT {columns} FROM ({ibis.to_sql(expression, dialect='duckdb')})"
    return Step(ibis.table(schema, name=name), sql)


def one_row(step: Table) -> dict[str, Any]:
    """Return the only row of an expression."""
    found: list[dict[str, Any]] = step.to_pyarrow().to_pylist()
    return found[0]


def rows_of(step: Table) -> list[dict[str, Any]]:
    """Return the few rows of an expression."""
    found: list[dict[str, Any]] = step.to_pyarrow().to_pylist()
    return found
