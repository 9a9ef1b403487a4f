"""The account of a file adds up, in its table and on its bar."""

from decimal import Decimal

from app.web.imports.account import account_of
from tests.web.imports.reports import KINDS, report


def test_every_row_and_yen_is_in_exactly_one_line() -> None:
    account = account_of(report(), "JPY")
    lines = [line for group in account.groups for line in group.lines]
    assert {line.kind for line in lines} == {kind for kind, (rows, _) in KINDS.items() if rows}
    assert sum(line.rows for line in lines) == account.rows == 4832
    assert sum(line.amount for line in lines) == account.amount == Decimal(24_694_300)
    assert account.adds_up


def test_each_step_of_the_bar_starts_where_the_one_before_ended() -> None:
    account = account_of(report(), "JPY")
    steps = [line for group in account.groups for line in group.lines]
    place = account.zero
    for line in steps:
        left, right = line.step.x, line.step.x + line.step.width
        start, end = (left, right) if line.amount >= 0 else (right, left)
        assert abs(start - place) <= 4
        place = end
    assert abs(place - (account.whole.x + account.whole.width)) <= 4
    assert all(line.step.x >= 0 and line.step.x + line.step.width <= 1000.1 for line in steps)


def test_a_report_that_does_not_add_up_says_so() -> None:
    assert not account_of(report(rows_read=4833), "JPY").adds_up
    assert not account_of(report(file_amount={"JPY": Decimal(1)}), "JPY").adds_up


def test_a_report_of_an_earlier_version_has_taken_known_and_held_back() -> None:
    account = account_of(report(account=(), file_amount={}, rows_read=4832), "JPY")
    lines = {line.kind: line.amount for group in account.groups for line in group.lines}
    assert lines == {"taken": Decimal(24_257_060), "known": Decimal(301_240), "held_back": Decimal(136_000)}
    assert account.adds_up


def test_a_file_without_money_draws_no_steps() -> None:
    account = account_of(report(account=(), file_amount={}, amount={}, known_amount={}, held_back_amount={}, fee_amount={}, void_amount={}), "JPY")  # fmt: skip
    assert all(line.step.width == 0 for group in account.groups for line in group.lines)


def test_what_is_held_back_has_a_step_of_its_readable_amount() -> None:
    held = next(
        line for group in account_of(report(), "JPY").groups for line in group.lines if line.kind == "held_back"
    )
    assert held.amount == 136_000
    assert held.step.paint == "c-held"
    assert held.step.width > 0
