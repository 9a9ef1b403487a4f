"""What only the whole file tells of a row: repeats, line numbers that came before, negative rows without an order."""

from pathlib import Path
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa

from app.core import sql
from app.purchases.figures.lines import row_key
from app.purchases.figures.row_files import rows_sql
from app.purchases.figures.stored import table_of
from app.purchases.files.check import key_counts
from app.purchases.files.check.repeats import HASHES, hash_lines
from app.purchases.files.names import FIXES
from app.purchases.files.rows.staging import Staged

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


def judge(backend: "Backend", staged: Staged, original: Path, import_number: int) -> None:
    """Make the view `file_rows`, and the tables `held_later` (line, reason), `repeated` (line, nth > 1) and `hashes`.

    `hashes` (line, hash of all cells) has the rows held back by their own cells and those equal in all that is kept: no
    other row can repeat one exactly.
    """
    run = backend.con.execute
    run(f"CREATE OR REPLACE VIEW file_rows AS {rows_sql([staged.rows_path])}")
    run("CREATE OR REPLACE TABLE held_later (line BIGINT PRIMARY KEY, reason VARCHAR)")
    _hash_equal_rows(backend, staged, original)
    if staged.mapping.drop_exact_duplicates:
        _hold_repeats(backend)
    if {"line_id", "order_id"} <= set(staged.mapping.columns):
        _hold_line_repeats(backend)
    _hold_negative(backend, staged)
    _number_equal_rows(backend)
    if run("SELECT (SELECT count(*) FROM held_later) + (SELECT count(*) FROM repeated)").fetchall() != [(0,)]:
        run(
            f"""COPY (
                SELECT CAST({import_number} AS BIGINT) AS import_number, line, held_code, CAST(nth AS INTEGER) AS nth
                FROM (SELECT line, reason AS held_code, NULL AS nth FROM held_later
                    UNION ALL SELECT line, NULL, nth FROM repeated) ORDER BY line
            ) TO {sql.literal(staged.folder / FIXES)} (FORMAT parquet)"""
        )
    else:
        (staged.folder / FIXES).unlink(missing_ok=True)


def _hash_equal_rows(backend: "Backend", staged: Staged, original: Path) -> None:
    """Make `equal_rows` (line, key) and `hashes`; the whole key is computed only where a short one comes twice."""
    owner = "order_id" if "order_id" in staged.mapping.columns else "customer_id"
    short = f"hash({owner}, product_code, abs(amount))"
    often = key_counts.often(key_counts.keys(backend.con, f"SELECT {short} FROM file_rows"))
    if not len(often):
        backend.con.execute("CREATE OR REPLACE TABLE equal_rows (line BIGINT, key BIGINT)")
        _keep_hashes(backend, staged.held_hashes)
        return
    backend.con.register("often", pa.table({"key": often}))
    backend.con.execute(
        f"CREATE OR REPLACE TABLE alike AS SELECT line FROM file_rows WHERE {short} IN (SELECT key FROM often)"
    )
    backend.con.unregister("often")
    rows = table_of(backend, "file_rows").mutate(nth=ibis.literal(1, "int32"))
    alike = rows.semi_join(table_of(backend, "alike"), "line")
    backend.con.execute(
        f"""CREATE OR REPLACE TABLE equal_rows AS
        WITH keys AS ({alike.select("line", key=row_key(alike)).compile()}),
            often AS (SELECT key FROM keys GROUP BY key HAVING count(*) > 1)
        SELECT line, key FROM keys SEMI JOIN often USING (key)"""
    )
    lines = backend.con.sql("SELECT line FROM equal_rows").to_arrow_table()["line"].combine_chunks()
    found = hash_lines(backend.con, original, staged, lines) if len(lines) else HASHES.empty_table()
    _keep_hashes(backend, pa.concat_tables([staged.held_hashes, found]))


def _keep_hashes(backend: "Backend", hashes: pa.Table) -> None:
    backend.con.register("seen_hashes", hashes)
    backend.con.execute("CREATE OR REPLACE TABLE hashes AS SELECT * FROM seen_hashes")
    backend.con.unregister("seen_hashes")


def _hold_repeats(backend: "Backend") -> None:
    backend.con.execute(
        """INSERT INTO held_later
        WITH later AS (SELECT line, row_number() OVER (PARTITION BY hash ORDER BY line) AS place FROM hashes)
        SELECT line, 'repeat' FROM later WHERE place > 1 AND line IN (SELECT line FROM equal_rows)"""
    )


def _hold_line_repeats(backend: "Backend") -> None:
    backend.con.execute(
        """INSERT INTO held_later
        WITH open_rows AS (SELECT line, order_id, line_id FROM file_rows
                WHERE line_id <> '' AND line NOT IN (SELECT line FROM held_later)),
            often AS (SELECT order_id, line_id FROM open_rows GROUP BY ALL HAVING count(*) > 1),
            later AS (SELECT line, row_number() OVER (PARTITION BY order_id, line_id ORDER BY line) AS place
                FROM open_rows SEMI JOIN often USING (order_id, line_id))
        SELECT line, 'line_repeat' FROM later WHERE place > 1"""
    )


def _hold_negative(backend: "Backend", staged: Staged) -> None:
    """Hold negative rows that say nothing of a cancel, unless their order has goods that were sold."""
    if not len(staged.doubtful):
        return
    backend.con.register("doubtful", staged.doubtful)
    backend.con.execute(
        """INSERT INTO held_later
        WITH unsaid AS (SELECT line, reason, file_rows.order_id FROM doubtful JOIN file_rows USING (line)
                WHERE line NOT IN (SELECT line FROM held_later)),
            sold AS (SELECT DISTINCT order_id FROM file_rows SEMI JOIN unsaid USING (order_id)
                WHERE order_id <> '' AND NOT fee AND quantity >= 0 AND amount >= 0)
        SELECT line, reason FROM unsaid WHERE order_id NOT IN (SELECT order_id FROM sold)"""
    )
    backend.con.unregister("doubtful")


def _number_equal_rows(backend: "Backend") -> None:
    """Number the rows that are equal in everything that makes a row itself, in the order of the file."""
    backend.con.execute(
        """CREATE OR REPLACE TABLE repeated AS
        SELECT line, CAST(row_number() OVER (PARTITION BY key ORDER BY line) AS INTEGER) AS nth
        FROM equal_rows WHERE line NOT IN (SELECT line FROM held_later) QUALIFY nth > 1"""
    )
