"""Tables by their names: the types are those that Ibis reads itself."""

from pathlib import Path

import ibis

from app.purchases.figures.stored import Table, parquet_table, table_of, view_of

COLUMNS = """CREATE TEMP TABLE kinds (
    number BIGINT NOT NULL, amount DECIMAL(18, 4), word ENUM('one', 'two'), day DATE, moment TIMESTAMP, small TINYINT, key UBIGINT,
    said VARCHAR, given BOOLEAN, delivered STRUCT(day DATE, product VARCHAR, number BIGINT)[]
)"""


def test_a_table_has_the_types_that_ibis_reads(tmp_path: Path) -> None:
    backend = ibis.duckdb.connect()
    backend.con.execute(COLUMNS)
    assert table_of(backend, "kinds").schema() == backend.table("kinds").schema()
    backend.con.execute("INSERT INTO kinds (number, said) VALUES (1, 'a'), (2, 'b')")
    assert table_of(backend, "kinds").said.max().to_pyarrow().as_py() == "b"
    backend.con.execute(f"COPY kinds TO '{tmp_path / 'kinds.parquet'}'")
    found = parquet_table(backend, tmp_path / "kinds.parquet")
    assert found.schema() == backend.read_parquet(str(tmp_path / "kinds.parquet")).schema()
    backend.disconnect()


def test_a_change_written_once_serves_rows_of_its_shape_and_no_others() -> None:
    backend = ibis.duckdb.connect()
    for name, columns in (("one", "1 AS n"), ("two", "2 AS n"), ("wide", "3 AS n, 'a' AS said")):
        backend.con.execute(f"CREATE TABLE {name} AS SELECT {columns}")
    found = [view_of(backend, table_of(backend, name), doubled) for name in ("one", "two", "wide")]
    assert [view.to_pyarrow().to_pylist() for view in found] == [[{"n": 2}], [{"n": 4}], [{"n": 6, "said": "a"}]]
    backend.disconnect()


def doubled(rows: Table) -> Table:
    return rows.mutate(n=rows.n * 2)
