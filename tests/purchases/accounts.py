"""Compares the check report of a dirty file with what plain Python makes of the same bytes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from app.purchases.files.opening import blocks, pieces
from app.purchases.import_schemas import CheckReport, HeldBack
from tests.purchases import oracle_account
from tests.purchases.build import Shop
from tests.purchases.dirty_files import DirtyFile
from tests.purchases.oracle_account import FEES, Account

Values = Mapping[str, object]
NO_MONEY: dict[str, Decimal] = {"JPY": Decimal(0)}


def expected(file: DirtyFile) -> Account:
    rows = oracle_account.read(file.data, file.encoding, file.delimiter)
    return oracle_account.account(rows, file.columns, drop_repeats=file.drop_repeats)


def of_oracle(found: Account) -> dict[str, object]:
    """Return the oracle's account in the words of the check report."""
    taken = found.taken
    back = [line for line in taken if line.back]
    unknown = [line for line in found.lines if line.key == oracle_account.NO_KEY]
    first, last = found.days
    return {
        "rows_read": len(found.lines),
        "taken": len(taken),
        "account": {kind: value for kind, value in sorted(found.kinds.items()) if value[0]},
        "file_amount": found.money(),
        "held_lines": sorted(found.held),
        "held_back_amount": found.money("held_back"),
        "amount": found.money("sale", "cancel", "return"),
        "void_amount": found.money("cancelled", "returned", "pending"),
        "fee_amount": found.money(*FEES),
        "cancelled": sum(line.status == "cancelled" for line in taken),
        "returned": sum(line.status == "returned" for line in taken),
        "pending": sum(line.status == "pending" for line in taken),
        "fees": sum(line.kind in FEES for line in taken),
        "customers": len({line.key for line in taken} - {oracle_account.NO_KEY}),
        "customers_by_key": found.customers_by_key,
        "orders": found.orders,
        "first_order_on": first,
        "last_order_on": last,
        "rows_without_customer": len(unknown),
        "without_customer_amount": sum((line.counted for line in unknown), Decimal(0)),
        "exact_repeats": len(found.lines) - len({line.cells for line in found.lines}),
        "product_codes": len({line.code for line in found.lines} - {""}),
        "order_ids": len({line.order for line in found.lines} - {""}),
        "matched_returns": sum(line.matched for line in back),
        "unmatched_returns": sum(not line.matched for line in back),
        "unreadable_amounts": sum(line.amount is None or line.reason == "cells" for line in found.lines),
    }


def of_report(report: CheckReport, held: tuple[HeldBack, ...]) -> dict[str, object]:
    """Return the same of the product's check report."""
    plain = (
        "rows_read", "taken", "cancelled", "returned", "pending", "fees", "customers", "orders", "first_order_on", "last_order_on",
        "rows_without_customer", "exact_repeats", "product_codes", "order_ids", "matched_returns", "unmatched_returns",
        "unreadable_amounts",
    )  # fmt: skip
    money = ("file_amount", "held_back_amount", "amount", "void_amount", "fee_amount", "without_customer_amount")
    values: dict[str, object] = {name: getattr(report, name) for name in plain}
    values |= {name: sum(getattr(report, name).values(), Decimal(0)) for name in money}
    values["account"] = {one.kind: (one.rows, one.amount) for one in sorted(report.account, key=_kind) if one.rows}
    values["held_lines"] = sorted(item.line for item in held)
    values["customers_by_key"] = {kind: people for kind, people in report.customers_by_key.items() if people and kind}
    return values


def _kind(one: object) -> str:
    return str(getattr(one, "kind", ""))


@dataclass
class Reasons:
    """Every sentence must stand for one reason of the oracle's, in all files."""

    sentences: dict[str, str] = field(default_factory=dict)

    def differ(self, found: Account, held: tuple[HeldBack, ...]) -> list[str]:
        """Return the rows whose sentence was another reason's before."""
        wrong = []
        for item in held:
            reason = found.held.get(item.line, "")
            known = self.sentences.setdefault(item.reason, reason)
            if reason and known != reason:
                wrong.append(f"line {item.line} held back as {reason}, but told: {item.reason}")
        return wrong


def differences(shop: Shop, file: DirtyFile, *, reasons: Reasons | None = None) -> tuple[str, list[str]]:
    """Check the file in a source of its own; return the import's id and every difference to the oracle."""
    with small_pieces(piece_size(file.seed)):
        public_id, held = check(shop, file)
    run = shop.run(public_id)
    oracle = expected(file)
    if not run.report:
        refused = f"refused: {run.error_message} {run.error_params}"
        return public_id, [] if not oracle.taken and "Every row" in run.error_message else [refused]
    report = shop.report(public_id)
    mine, theirs = of_oracle(oracle), of_report(report, held)
    wrong = [f"{name}: expected {mine[name]}, told {theirs[name]}" for name in mine if mine[name] != theirs[name]]
    wrong += adds_up(report)
    if reasons is not None:
        wrong += reasons.differ(oracle, held)
    return public_id, wrong


def check(shop: Shop, file: DirtyFile) -> tuple[str, tuple[HeldBack, ...]]:
    options: dict[str, object] = {"drop_exact_duplicates": True} if file.drop_repeats else {}
    columns = file.columns if file.told else None
    if columns is None and not options:
        return shop.check(file.data, source=f"shop {file.seed}")
    return shop.check(file.data, source=f"shop {file.seed}", columns=columns or {}, options=options)


def adds_up(report: CheckReport) -> list[str]:
    """Return which sums of a report do not hold in themselves."""
    account = {one.kind: one for one in report.account}
    rows = sum(one.rows for one in report.account)
    yen = sum((one.amount for one in report.account), Decimal(0))
    held = sum(count for _, count, _ in report.held_back_reasons)
    sums = {
        "rows of the account": rows == report.rows_read,
        "rows": report.rows_read == report.taken + report.known + report.held_back_rows,
        "held back by reason": held == report.held_back_rows,
        "money of the account": yen == sum(report.file_amount.values(), Decimal(0)),
        "one line a kind": len(account) == len(report.account),
        "customers by key": sum(report.customers_by_key.values()) - report.customers_by_key.get("", 0)
        == report.customers,
    }
    return [f"{name} do not add up" for name, good in sums.items() if not good]


def people_of(shop: Shop, source: str) -> dict[str, tuple[int, int, Decimal]]:
    """Return orders, pieces and amount of each customer of a source in the store."""
    from app.core.database import read_session
    from app.purchases import queries

    with read_session(shop.parts.engine) as session:
        found = queries.summaries(session, shop.store)
    return {one.customer_id: (one.orders, one.items, one.amount) for one in found if one.source == source}


def people_differ(found: Account, people: dict[str, tuple[int, int, Decimal]]) -> list[str]:
    """Return differences of each customer's totals; mail and telephone keys are hashes, so only their values compare."""
    named = {key[1]: (one.orders, one.items, one.amount) for key, one in found.people.items() if key[0] == "id"}
    hashed = sorted((one.orders, one.items, one.amount) for key, one in found.people.items() if key[0] != "id")
    told_named = {name: value for name, value in people.items() if not name.startswith(("mail-", "tel-"))}
    told_hashed = sorted(value for name, value in people.items() if name.startswith(("mail-", "tel-")))
    wrong = [
        f"customer {name}: expected {named.get(name)}, in the store {told_named.get(name)}"
        for name in sorted({*named, *told_named})
        if named.get(name) != told_named.get(name)
    ]
    if hashed != told_hashed:
        wrong.append(f"customers by mail or telephone: expected {hashed}, in the store {told_hashed}")
    return wrong


def take(shop: Shop, public_id: str) -> None:
    """Take a checked file; afterwards the account still adds up."""
    from app.purchases import tasks

    tasks.run_import(shop.parts, public_id)
    if wrong := adds_up(shop.report(public_id)):
        raise AssertionError(f"{wrong} {shop.run(public_id).error_message}")


@contextmanager
def small_pieces(size: int) -> Iterator[None]:
    """Let files be read in pieces of so many bytes (0: as they are), so that small ones show what large ones do at each seam."""
    with pytest.MonkeyPatch.context() as patch:
        if size:
            patch.setattr(blocks.blocks_of_rows, "__defaults__", (size,))
            patch.setitem(pieces.open_pieces.__wrapped__.__kwdefaults__, "chunk", 3)  # type: ignore[attr-defined]  # functools.wraps
        yield


def piece_size(seed: int) -> int:
    """Return the bytes of a piece for a seed: every other file is read whole."""
    return seed % 2 * (150 + seed * 37 % 900)
