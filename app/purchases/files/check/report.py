"""The check report: counts every row and every yen of a prepared file, against what is already in the store."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from app.purchases.files.check.key_counts import Counted, count_numbers, count_rows
from app.purchases.files.check.known_rows import count_returns
from app.purchases.files.check.refunded import count_refunds
from app.purchases.files.reasons import EMPTIED, REASONS
from app.purchases.files.rows.staging import Staged
from app.purchases.import_schemas import AccountKind, AccountLine, CheckReport, HeldBack

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

SAMPLE = 20
KINDS: tuple[AccountKind, ...] = get_args(AccountKind)
FEES: tuple[AccountKind, ...] = ("shipping", "fee", "discount", "tax", "points")
VOID: tuple[AccountKind, ...] = ("cancelled", "returned", "pending")
GOODS: tuple[AccountKind, ...] = ("sale", "cancel", "return")
Money = dict[str, Decimal]


@dataclass(frozen=True)
class Group:
    """The rows of a file that are alike in all that the account asks of one; `changed` of those known before."""

    new: bool
    key_kind: str
    fee: bool
    line_type: str
    status: str
    effect: str
    rows: int
    amount: Decimal
    changed: int
    first: date
    last: date

    @property
    def kind(self) -> AccountKind:
        """Return the one line of the account that these rows belong to."""
        if not self.new:
            return "known"
        if self.fee:
            return cast("AccountKind", self.line_type)
        if self.status == "pending":
            return "pending"
        if self.effect == "counter":
            return "cancel" if self.status == "cancelled" else "return"
        return cast("AccountKind", self.status) if self.status in {"cancelled", "returned"} else "sale"


Groups = tuple[Group, ...]


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
    held_nobody, held_nobodys, held_cancels = _row(
        backend,
        """SELECT count(*) FILTER (customer_id = ''), coalesce(sum(amount) FILTER (customer_id = ''), 0),
            count(*) FILTER (status = 'cancelled') FROM held""",
    )
    (products,) = _row(
        backend,
        """SELECT count(*) FROM (SELECT DISTINCT product_code FROM (
            SELECT product_code FROM good UNION ALL SELECT product_code FROM held) WHERE product_code <> '')""",
    )
    (repeats,) = _row(backend, "SELECT count(*) - count(DISTINCT hash) FROM hashes")
    groups, counted = _groups(backend), count_rows(backend.con)
    nobodys = [group for group in groups if group.key_kind == ""]
    currency = staged.mapping.currency
    return CheckReport(
        rows_read=staged.rows,
        rows_above=staged.how.rows_above,
        held_back_rows=held_rows,
        held_back_reasons=tuple((REASONS[code][1], count, money) for code, count, money in reasons),
        held_back_sample=tuple(held_back(backend, staged, SAMPLE)),
        held_back_amount=_money(held_amount, currency),
        rows_without_customer=held_nobody + _rows(nobodys),
        without_customer_amount=_money(held_nobodys + _amount(nobodys), currency),
        exact_repeats=repeats,
        cancel_rows=held_cancels + _rows(group for group in groups if group.status == "cancelled"),
        product_codes=products,
        order_ids=count_numbers(backend.con, counted),
        unreadable_amounts=staged.unreadable_amounts,
        emptied_cells=tuple((EMPTIED[name], count) for name, count in staged.emptied.items() if count),
        **against_store(backend, against, AccountLine("held_back", held_rows, held_amount), groups, counted),
    )


def against_store(
    backend: "Backend", against: Against, held: AccountLine, groups: Groups | None = None, counted: Counted | None = None
) -> dict[str, Any]:  # fmt: skip
    """Return the parts of the report that depend on what is already in the store, from `good` and `known`.

    `groups` and `counted` are those of `good`, if they were counted before.
    """
    groups = _groups(backend) if groups is None else groups
    counted = count_rows(backend.con) if counted is None else counted
    account = _account(groups, held)
    amounts = {line.kind: line.amount for line in account}
    counts = {line.kind: line.rows for line in account}
    matched, unmatched, whole = (
        count_returns(backend, against.rows, against.earlier, against.import_number)
        if counts["cancel"] + counts["return"]
        else (0, 0, 0)
    )
    refunds = count_refunds(backend, against.rows, against.earlier, against.import_number)
    new = [group for group in groups if group.new]
    sold = [group for group in groups if group.effect == "sale"]
    return {
        "taken": sum(line.rows for line in account if line.kind not in {"known", "held_back"}),
        "known": counts["known"],
        "changed": sum(group.changed for group in groups),
        "fees": sum(counts[kind] for kind in FEES),
        "orders": counted.orders - whole - refunds.whole,
        "customers": sum(counted.customers.values()),
        "customers_by_key": counted.customers,
        "amount": _money(_sum(amounts, GOODS), against.currency, always=True),
        "known_amount": _money(amounts["known"], against.currency),
        "fee_amount": _money(_sum(amounts, FEES), against.currency),
        "void_amount": _money(_sum(amounts, VOID), against.currency),
        "account": account,
        "file_amount": _money(_sum(amounts, KINDS), against.currency, always=True),
        "matched_returns": matched,
        "unmatched_returns": unmatched,
        "refunded_rows": refunds.rows,
        "refunded_amount": _money(refunds.amount, against.currency),
        "refunded_other": _money(refunds.other, against.currency),
        "refunded_changed": _money(refunds.changed, against.currency),
        "first_order_on": min((group.first for group in sold), default=None),
        "last_order_on": max((group.last for group in sold), default=None),
    } | {
        state: _rows(group for group in new if group.status == state) for state in ("cancelled", "returned", "pending")
    }


def _groups(backend: "Backend") -> Groups:
    """Return the rows of `good`, counted by all that the account asks of one."""
    found = backend.con.execute(
        """SELECT new, customer_key_kind, fee, line_type, status, effect, count(*), sum(amount), count(*) FILTER (changed),
            min(ordered_on), max(ordered_on)
        FROM good GROUP BY ALL"""
    ).fetchall()
    return tuple(Group(*row) for row in found)


def _account(groups: Groups, held: AccountLine) -> tuple[AccountLine, ...]:
    found: dict[AccountKind, list[Group]] = defaultdict(list)
    for group in groups:
        found[group.kind].append(group)
    lines = {kind: AccountLine(kind, _rows(alike), _amount(alike)) for kind, alike in found.items()}
    lines["held_back"] = held
    return tuple(lines.get(kind, AccountLine(kind, 0, Decimal(0))) for kind in KINDS)


def _rows(groups: Iterable[Group]) -> int:
    return sum(group.rows for group in groups)


def _amount(groups: Iterable[Group]) -> Decimal:
    return sum((group.amount for group in groups), Decimal(0))


def _row(backend: "Backend", sql: str) -> tuple[Any, ...]:
    found: list[tuple[Any, ...]] = backend.con.execute(sql).fetchall()
    return found[0]


def _sum(amounts: dict[AccountKind, Decimal], kinds: Sequence[AccountKind]) -> Decimal:
    return sum((amounts[kind] for kind in kinds), Decimal(0))


def _money(value: Decimal | None, currency: str, *, always: bool = False) -> Money:
    amount = value if value is not None else Decimal(0)
    return {currency: amount} if amount or always else {}
