"""The newest answer of every customer in a build: what survey files say, under the key that the customer has there."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import sql
from app.purchases.scoring.schemas import Asked

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

ANSWERS = """COPY (
    SELECT coalesce(m.to_source, s.source) AS source, coalesce(m.to_customer_id, s.customer_id) AS customer_id,
        max(s.answered_on) AS answered_on,
        arg_max(s.intention, {newest}) FILTER (WHERE s.intention IS NOT NULL) AS intention,
        arg_max(s.liking, {newest}) FILTER (WHERE s.liking IS NOT NULL) AS liking
    FROM ({rows}) s LEFT JOIN answer_merges m ON m.source = s.source AND m.customer_id = s.customer_id
    WHERE s.answered_on <= DATE '{as_of}'
    GROUP BY ALL ORDER BY source, customer_id
) TO {target} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{later: '{later}'}})"""
LATER = "SELECT count(DISTINCT (source, customer_id, answered_on)) FROM ({rows}) WHERE answered_on > DATE '{as_of}'"
SAID_LATER = "SELECT value FROM parquet_kv_metadata(?) WHERE key = 'later'"
NEWEST = "(s.answered_on, s.import_number, s.line)"
NOTHING = """SELECT '' AS source, '' AS customer_id, NULL::DATE AS answered_on, NULL::VARCHAR AS intention, NULL::BIGINT AS liking,
    0::BIGINT AS import_number, 0::BIGINT AS line WHERE false"""
BY_CLASS = """SELECT people.customer_class, count(*) FILTER (WHERE intention IS NOT NULL),
        count(*) FILTER (WHERE intention = 'yes'), count(*) FILTER (WHERE intention = 'undecided'), count(liking), sum(liking)
    FROM answers JOIN people ON people.source = answers.source AND people.customer_id = answers.customer_id GROUP BY 1"""


def write(
    connection: "DuckDBPyConnection", files: Sequence[Path], target: Path, merges: "pa.Table", *, as_of: date
) -> None:  # fmt: skip
    """Write source, customer_id, answered_on, intention and liking: of each the newest word by the end of the day `as_of`.

    How many answers are of a later day stands in the file too (`later`).
    `merges` (source, customer_id, to_source, to_customer_id) are customers who go by another key.
    """
    connection.register("answer_merges", merges)
    rows = f"SELECT * FROM {sql.parquet(*files, options='union_by_name=true')}" if files else NOTHING
    later = connection.execute(LATER.format(rows=rows, as_of=as_of)).fetchall()[0][0]
    told = {"newest": NEWEST, "as_of": as_of, "target": sql.literal(target), "later": later}
    connection.execute(ANSWERS.format(rows=rows, **told))
    connection.unregister("answer_merges")


def take(connection: "DuckDBPyConnection", path: Path) -> None:
    """Make the relation `answers`; it is empty for builds from before there were surveys."""
    rows = f"SELECT * FROM {sql.parquet(path)}" if path.exists() else NOTHING
    connection.execute(f"CREATE TEMP VIEW answers AS {rows}")


def later(connection: "DuckDBPyConnection", path: Path) -> int:
    """Return how many answers of survey files are of a day after the build's, and count in none of its figures."""
    rows = connection.execute(SAID_LATER, [str(path)]).fetchall() if path.exists() else []
    return int(rows[0][0]) if rows else 0


def by_class(connection: "DuckDBPyConnection") -> Mapping[str, Asked]:
    """Return what customers of each class said; `people` and `answers` are there."""
    return {
        row[0]: Asked(row[1], row[2], row[3], row[4], int(row[5] or 0))
        for row in connection.execute(BY_CLASS).fetchall()
    }
