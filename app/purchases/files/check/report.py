"""The check report: counts every row and every yen of a prepared file, against what is already in the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from app.purchases.files.check.known_rows import count_returns
from app.purchases.files.reasons import REASONS
from app.purchases.files.rows.staging import Staged
from app.purchases.import_schemas import AccountKind, AccountLine, CheckReport, HeldBack

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

SAMPLE = 20
KINDS: tuple[AccountKind, ...] = get_args(AccountKind)
FEES: tuple[AccountKind, ...] = ("shipping", "fee", "discount", "tax", "points")
VOID: tuple[AccountKind, ...] = ("cancelled", "returned", "pending")
GOODS: tuple[AccountKind, ...] = ("sale", "cancel", "return")
KIND_OF_ROW = """CASE WHEN known.line IS NOT NULL THEN 'known' WHEN fee THEN line_type WHEN status = 'pending' THEN 'pending'
    WHEN effect = 'counter' THEN CASE status WHEN 'cancelled' THEN 'cancel' ELSE 'return' END
    WHEN status IN ('cancelled', 'returned') THEN status ELSE 'sale' END"""
Money = dict[str, Decimal]


@dataclass(frozen=True)
class Against:
    """A prepared file beside the row files of earlier imports of its source."""

    rows: Path
    earlier: Sequence[Path]
    import_number: int
    currency: str


def currencies(backend: "Backend", earlier: Sequence[Path]) -> frozenset[str]:
    """Return the currencies that earlier imports of the source are in; more than one never comes about."""
    if not earlier:
        return frozenset()
    rows = backend.read_parquet([str(path) for path in earlier])
    return frozenset(rows.currency.as_table().distinct().to_pyarrow()["currency"].to_pylist())


def make_held(backend: "Backend", staged: Staged) -> None:
    """Make the table `held` of all rows held back, by their own cells or by the whole file. Call it after `judge`."""
    for name, table in (("held_first", staged.held), ("doubted", staged.doubtful)):
        backend.con.register(name, table)
    backend.con.execute(
        """CREATE OR REPLACE TABLE held AS
        SELECT line, reason, value, amount, customer_id, status, order_id, product_code FROM held_first
        UNION ALL
        SELECT line, held_later.reason, CASE held_later.reason WHEN 'line_repeat' THEN line_id ELSE coalesce(doubted.value, '') END,
            file_rows.amount, file_rows.customer_id, file_rows.status, file_rows.order_id, file_rows.product_code
        FROM held_later JOIN file_rows USING (line) LEFT JOIN doubted USING (line)"""
    )
    for name in ("held_first", "doubted"):
        backend.con.unregister(name)


def held_back(backend: "Backend", staged: Staged, limit: int | None = None) -> list[HeldBack]:
    """Return held-back rows by line; the column is named as the file names it."""
    tail = f" LIMIT {limit}" if limit is not None else ""
    rows = backend.con.execute(f"SELECT line, reason, value FROM held ORDER BY line{tail}").fetchall()
    columns = staged.mapping.columns
    return [HeldBack(line, columns.get(REASONS[code][0], ""), value, REASONS[code][1]) for line, code, value in rows]


def make_report(backend: "Backend", staged: Staged, against: Against) -> CheckReport:
    """Return the report on `held`, `good` and `known`."""
    reasons = backend.con.execute(
        "SELECT reason, count(*), sum(amount) FROM held GROUP BY reason ORDER BY count(*) DESC, reason"
    ).fetchall()
    held_rows, held_amount = sum(row[1] for row in reasons), sum((row[2] for row in reasons), Decimal(0))
    backend.con.execute(
        """CREATE OR REPLACE VIEW every_row AS
        SELECT customer_id, status, order_id, product_code, amount, false AS new_sale FROM held
        UNION ALL SELECT customer_id, status, order_id, product_code, amount, known.line IS NULL AND effect = 'sale'
        FROM good LEFT JOIN known USING (line)"""
    )
    nobody, nobodys, cancels, products = _row(
        backend,
        """SELECT count(*) FILTER (customer_id = ''), sum(amount) FILTER (customer_id = ''),
            count(*) FILTER (status = 'cancelled'), count(DISTINCT nullif(product_code, ''))
        FROM every_row""",
    )
    order_ids, orders = _orders(backend, "every_row")
    (repeats,) = _row(backend, "SELECT count(*) - count(DISTINCT hash) FROM hashes")
    currency = staged.mapping.currency
    return CheckReport(
        rows_read=staged.rows,
        held_back_rows=held_rows,
        held_back_reasons=tuple((REASONS[code][1], count, money) for code, count, money in reasons),
        held_back_sample=tuple(held_back(backend, staged, SAMPLE)),
        held_back_amount=_money(held_amount, currency),
        rows_without_customer=nobody,
        without_customer_amount=_money(nobodys, currency),
        exact_repeats=repeats,
        cancel_rows=cancels,
        product_codes=products,
        order_ids=order_ids,
        unreadable_amounts=staged.unreadable_amounts,
        **against_store(backend, against, AccountLine("held_back", held_rows, held_amount), orders),
    )


def against_store(backend: "Backend", against: Against, held: AccountLine, orders: int | None = None) -> dict[str, Any]:
    """Return the parts of the report that depend on what is already in the store, from `good` and `known`.

    `orders` are those sold in the new rows, if they were counted before.
    """
    account = _account(backend, held)
    amounts = {line.kind: line.amount for line in account}
    counts = {line.kind: line.rows for line in account}
    matched, unmatched, whole = (
        count_returns(backend, against.rows, against.earlier, against.import_number)
        if counts["cancel"] + counts["return"]
        else (0, 0, 0)
    )
    if orders is None:
        new = "known.line IS NULL AND effect = 'sale' AS new_sale"
        _, orders = _orders(backend, f"(SELECT customer_id, order_id, {new} FROM good LEFT JOIN known USING (line))")
    return _news(backend) | {
        "taken": sum(line.rows for line in account if line.kind not in {"known", "held_back"}),
        "known": counts["known"],
        "fees": sum(counts[kind] for kind in FEES),
        "orders": orders - whole,
        "amount": _money(_sum(amounts, GOODS), against.currency, always=True),
        "known_amount": _money(amounts["known"], against.currency),
        "fee_amount": _money(_sum(amounts, FEES), against.currency),
        "void_amount": _money(_sum(amounts, VOID), against.currency),
        "account": account,
        "file_amount": _money(_sum(amounts, KINDS), against.currency, always=True),
        "matched_returns": matched,
        "unmatched_returns": unmatched,
    }


def _account(backend: "Backend", held: AccountLine) -> tuple[AccountLine, ...]:
    found = backend.con.execute(
        f"SELECT {KIND_OF_ROW} AS account_kind, count(*), sum(amount) FROM good LEFT JOIN known USING (line) GROUP BY account_kind"
    ).fetchall()
    lines = {kind: AccountLine(kind, rows, amount) for kind, rows, amount in found} | {"held_back": held}
    return tuple(lines.get(kind, AccountLine(kind, 0, Decimal(0))) for kind in KINDS)


def _orders(backend: "Backend", rows: str) -> tuple[int, int]:
    """Return how many order numbers the rows have, and how many orders their new sales are; without a number each is one."""
    numbers, sold, shared, alone = _row(
        backend,
        f"""SELECT count(*) FILTER (numbered), count(*) FILTER (numbered AND sold), count(*) FILTER (numbered AND one <> other),
            coalesce(sum(sales) FILTER (NOT numbered), 0)
        FROM (
            SELECT order_id <> '' AS numbered, hash(order_id) AS number, bool_or(new_sale) AS sold, count(*) FILTER (new_sale) AS sales,
                min(hash(customer_id)) AS one, max(hash(customer_id)) AS other
            FROM {rows} GROUP BY numbered, number)""",
    )
    if shared:  # numbers that several customers have: each of them has an order of that number
        pairs = f"SELECT count(DISTINCT hash(customer_id, order_id)) FROM {rows} WHERE new_sale AND order_id <> ''"
        (sold,) = _row(backend, pairs)
    return numbers, sold + alone


def _news(backend: "Backend") -> dict[str, Any]:
    """Return what the new rows bring: statuses, customers by key, first and last day."""
    new = "FILTER (known.line IS NULL)"
    cancelled, returned, pending, changed, first, last = _row(
        backend,
        """SELECT count(*) FILTER (known.line IS NULL AND status = 'cancelled'),
            count(*) FILTER (known.line IS NULL AND status = 'returned'),
            count(*) FILTER (known.line IS NULL AND status = 'pending'), count(*) FILTER (known.changed),
            min(ordered_on) FILTER (effect = 'sale'), max(ordered_on) FILTER (effect = 'sale')
        FROM good LEFT JOIN known USING (line)""",
    )
    keys = dict(
        backend.con.execute(
            f"""SELECT customer_key_kind, count(DISTINCT hash(customer_id)) {new} FROM good LEFT JOIN known USING (line)
            WHERE customer_id <> '' GROUP BY customer_key_kind"""
        ).fetchall()
    )
    return {
        "cancelled": cancelled,
        "returned": returned,
        "pending": pending,
        "changed": changed,
        "customers": sum(keys.values()),
        "customers_by_key": {kind: keys.get(kind, 0) for kind in ("id", "mail", "phone")},
        "first_order_on": first,
        "last_order_on": last,
    }


def _row(backend: "Backend", sql: str) -> tuple[Any, ...]:
    found: list[tuple[Any, ...]] = backend.con.execute(sql).fetchall()
    return found[0]


def _sum(amounts: dict[AccountKind, Decimal], kinds: Sequence[AccountKind]) -> Decimal:
    return sum((amounts[kind] for kind in kinds), Decimal(0))


def _money(value: Decimal | None, currency: str, *, always: bool = False) -> Money:
    amount = value if value is not None else Decimal(0)
    return {currency: amount} if amount or always else {}
