"""Steps of a computation kept as tables of their own: one nested expression takes Ibis seconds to write as SQL."""

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from ibis.util import gen_name

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

Table = Any  # Ibis builds its column attributes at run time; the type checker cannot follow them
Value = Any  # an Ibis column, for the same reason


def stored(backend: "Backend", step: Table) -> Table:
    """Compute an expression, or take an Arrow table, into a table that lives as long as the backend."""
    name = gen_name("step")
    if isinstance(step, pa.Table):
        backend.con.register(f"{name}_arrow", step)
        backend.con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}_arrow")
        backend.con.unregister(f"{name}_arrow")
        return backend.table(name)
    backend.con.execute(f"CREATE TEMP TABLE {name} AS {backend.compile(step)}")
    return backend.table(name)


def viewed(backend: "Backend", step: Table) -> Table:
    """Give an expression that several steps read a name: each of them would have to write it out again."""
    name = gen_name("step")
    backend.con.execute(f"CREATE TEMP VIEW {name} AS {backend.compile(step)}")
    return backend.table(name)


def one_row(step: Table) -> dict[str, Any]:
    """Return the only row of an expression."""
    found: list[dict[str, Any]] = step.to_pyarrow().to_pylist()
    return found[0]


def rows_of(step: Table) -> list[dict[str, Any]]:
    """Return the few rows of an expression."""
    found: list[dict[str, Any]] = step.to_pyarrow().to_pylist()
    return found
