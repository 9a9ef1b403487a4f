"""The check report: counts every row and every yen of a prepared file, against what is already in the store."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.purchases.files.normalise import REASONS
from app.purchases.files.staging import Staged
from app.purchases.import_schemas import CheckReport, HeldBack

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SAMPLE = 20


def _row(connection: "DuckDBPyConnection", sql: str) -> tuple[Any, ...]:
    found = connection.execute(sql).fetchone()
    return found if found is not None else ()


def mark_known(connection: "DuckDBPyConnection", earlier: Sequence[Path]) -> None:
    """Make `checked` = `good` with what earlier imports of the same source already hold."""
    if not earlier:
        connection.execute("CREATE OR REPLACE VIEW checked AS SELECT *, false AS known, false AS changed FROM good")
        return
    connection.execute(
        f"""CREATE OR REPLACE TABLE checked AS
        WITH before AS (
            SELECT order_id, row_key, nth, max_by(content_key, import_number) AS content_key
            FROM {_read(earlier)} GROUP BY ALL
        )
        SELECT good.*, before.row_key IS NOT NULL AS known,
            coalesce(before.content_key <> good.content_key, false) AS changed
        FROM good LEFT JOIN before USING (order_id, row_key, nth)"""
    )


def currencies(connection: "DuckDBPyConnection", earlier: Sequence[Path]) -> frozenset[str]:
    """Return the currencies that earlier imports of the source are in; more than one never comes about."""
    if not earlier:
        return frozenset()
    return frozenset(
        code for (code,) in connection.execute(f"SELECT DISTINCT currency FROM {_read(earlier)}").fetchall()
    )


def _read(files: Sequence[Path]) -> str:
    return "read_parquet([" + ", ".join("'" + str(path).replace("'", "''") + "'" for path in files) + "])"


def _money(value: Decimal | None, currency: str, *, always: bool = False) -> dict[str, Decimal]:
    amount = value if value is not None else Decimal(0)
    return {currency: amount} if amount or always else {}


def held_back(connection: "DuckDBPyConnection", staged: Staged, limit: int | None = None) -> list[HeldBack]:
    """Return held-back rows by line; the column is named as the file names it."""
    tail = f" LIMIT {limit}" if limit is not None else ""
    rows = connection.execute(f"SELECT line, reason, value FROM held ORDER BY line{tail}").fetchall()
    return [
        HeldBack(line, staged.mapping.columns.get(REASONS[code][0], ""), value, REASONS[code][1])
        for line, code, value in rows
    ]


def make_report(connection: "DuckDBPyConnection", staged: Staged) -> CheckReport:
    """Return the report on `parsed`, `held` and `checked` of this connection."""
    currency = staged.mapping.currency
    reasons = connection.execute(
        "SELECT reason, count(*), sum(amount) FROM held GROUP BY reason ORDER BY count(*) DESC, reason"
    ).fetchall()
    whole = _row(
        connection,
        """SELECT count(*) FILTER (WHERE customer_key = ''), count(*) - count(DISTINCT row_hash),
            count(*) FILTER (WHERE status = 'cancelled'), count(DISTINCT nullif(product_code, '')),
            count(DISTINCT nullif(order_id, ''))
        FROM parsed""",
    )
    return CheckReport(
        rows_read=staged.rows,
        held_back_rows=sum(count for _, count, _ in reasons),
        held_back_reasons=tuple((REASONS[code][1], count, money) for code, count, money in reasons),
        held_back_sample=tuple(held_back(connection, staged, SAMPLE)),
        held_back_amount=_money(sum((money for _, _, money in reasons), Decimal(0)), currency),
        rows_without_customer=whole[0],
        exact_repeats=whole[1],
        cancel_rows=whole[2],
        product_codes=whole[3],
        order_ids=whole[4],
        **against_store(connection, currency),
    )


def against_store(connection: "DuckDBPyConnection", currency: str) -> dict[str, Any]:
    """Return the parts of the report that depend on what is already in the store, from `checked`."""
    new = "FILTER (WHERE NOT known)"
    taken, known, changed, fees, customers, newest, oldest = _row(
        connection,
        f"""SELECT count(*) {new}, count(*) FILTER (WHERE known), count(*) FILTER (WHERE changed),
            count(*) FILTER (WHERE NOT known AND fee), count(DISTINCT customer_id) {new},
            max(ordered_on) FILTER (WHERE effect = 'sale'), min(ordered_on) FILTER (WHERE effect = 'sale')
        FROM checked""",
    )
    statuses = dict(
        connection.execute("SELECT status, count(*) FROM checked WHERE NOT known GROUP BY status").fetchall()
    )
    goods = "effect IN ('sale', 'counter')"
    amount, known_amount, fee_amount, void_amount = _row(
        connection,
        f"""SELECT sum(amount) FILTER (WHERE NOT known AND {goods}), sum(amount) FILTER (WHERE known AND {goods}),
            sum(amount) FILTER (WHERE NOT known AND fee), sum(amount) FILTER (WHERE NOT (known OR fee) AND effect = 'none')
        FROM checked""",
    )
    (orders,) = _row(
        connection,
        """SELECT count(*) FROM (
            SELECT 1 FROM checked WHERE NOT known GROUP BY customer_id, order_ref
            HAVING bool_or(effect = 'sale') AND NOT (bool_or(effect = 'counter')
                AND sum(quantity) FILTER (WHERE effect <> 'none') <= 0))""",
    )
    return {
        "taken": taken,
        "known": known,
        "changed": changed,
        "cancelled": statuses.get("cancelled", 0),
        "returned": statuses.get("returned", 0),
        "pending": statuses.get("pending", 0),
        "fees": fees,
        "customers": customers,
        "orders": orders,
        "amount": _money(amount, currency, always=True),
        "known_amount": _money(known_amount, currency),
        "fee_amount": _money(fee_amount, currency),
        "void_amount": _money(void_amount, currency),
        "first_order_on": oldest,
        "last_order_on": newest,
    }
