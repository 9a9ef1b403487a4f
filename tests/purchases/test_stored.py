"""Tables by their names: the types are those that Ibis reads itself."""

from pathlib import Path

import ibis

from app.purchases.figures.stored import parquet_table, table_of

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
