"""The account of an order file once more, in plain Python over csv rows; nothing of the product is used here.

The rules, from docs/cli.md ("How rows are counted"), and where it is silent, what a shop would expect:

* A row is held back for the first of: other number of cells than the header (empty cells beyond it are no data); a date
  that is empty, or no date; an empty order number where there is such a column; a quantity that is no whole number
  (empty is 1); an amount that is no number. Only rows that pass all these are looked at together: a line number that came
  before in its order, a repeat of an earlier row where repeats are dropped, and a negative goods row that is neither a
  cancel nor a return are held back then.
* A negative row is a cancel where its status or its number (`C123`) says so, a return where its status says so or its
  order has positive goods rows. It counts against the customer. Other rows that a status cancelled, returned or left
  pending count for nothing. A day of cancelling on a row that is no subscription cancels it.
* Shipping, fees, discounts, tax and points are what their line type or product name says, whatever their status.
* A customer is known by number, else by mail address, else by telephone and name together; else nobody knows who it is:
  the row counts, its customer does not.
* What came back belongs to an order: `C123` to 123 and a row of an order with sales to that order, where the customer is
  the same; else, oldest first, to the newest earlier order of the same known customer that still has as many pieces of the
  same product. Else it belongs to none. An order whose pieces all came back is no order.
* Amounts are counted with their sign: what came back is below zero. A held-back row's amount counts for the file where it
  can be read: not where the cells do not fit the header, nor where a price meets a quantity that is no whole number.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tests.purchases.oracle_values import moment, number

Row = tuple[int, list[str]]
Key = tuple[str, str]
OrderKey = tuple[Key, str]
NO_KEY: Key = ("", "")
STATUSES = {
    "キャンセル": "cancelled", "注文取消し": "cancelled", "cancelled": "cancelled", "返品": "returned", "返金済み": "returned",
    "returned": "returned", "refunded": "returned", "決済処理中": "pending", "pending": "pending",
}  # fmt: skip
LINE_TYPES = {
    "送料": "shipping", "shipping": "shipping", "手数料": "fee", "fee": "fee", "割引": "discount", "discount": "discount",
    "税": "tax", "tax": "tax", "ポイント": "points", "points": "points", "商品": "goods", "item": "goods", "": "goods",
}  # fmt: skip
FEES = ("shipping", "fee", "discount", "tax", "points")


@dataclass
class Line:
    """One row of the file, read as far as it can be."""

    line: int
    cells: tuple[str, ...]
    order: str = ""
    line_id: str = ""
    key: Key = NO_KEY
    moment: datetime | None = None
    product: str = ""
    code: str = ""
    quantity: int | None = None
    amount: Decimal | None = None
    written: str = "valid"
    status: str = "valid"
    line_type: str = "goods"
    reason: str = ""
    kind: str = ""
    ref: str = ""
    matched: bool = False

    @property
    def negative(self) -> bool:
        return (self.quantity or 0) < 0 or (self.amount or 0) < 0

    @property
    def back(self) -> bool:
        return self.kind in {"cancel", "return"}

    @property
    def counted(self) -> Decimal:
        amount = self.amount or Decimal(0)
        return -abs(amount) if self.back else amount

    @property
    def pieces(self) -> int:
        quantity = 1 if self.quantity is None else self.quantity
        return -abs(quantity) if self.back else quantity


@dataclass(frozen=True)
class Person:
    orders: int
    items: int
    amount: Decimal


@dataclass
class Account:
    """What a file says, and of whom."""

    lines: list[Line]
    header: tuple[str, ...]
    orders: int = 0
    people: dict[Key, Person] = field(default_factory=dict)

    @property
    def kinds(self) -> dict[str, tuple[int, Decimal]]:
        """Rows and money by kind."""
        found: dict[str, tuple[int, Decimal]] = {}
        for line in self.lines:
            rows, amount = found.get(line.kind, (0, Decimal(0)))
            found[line.kind] = (rows + 1, amount + line.counted)
        return found

    @property
    def held(self) -> dict[int, str]:
        return {line.line: line.reason for line in self.lines if line.reason}

    def money(self, *kinds: str) -> Decimal:
        return sum((line.counted for line in self.lines if not kinds or line.kind in kinds), Decimal(0))

    def count(self, test: Callable[[Line], bool]) -> int:
        return sum(map(test, self.lines))

    @property
    def taken(self) -> list[Line]:
        return [line for line in self.lines if not line.reason]

    @property
    def days(self) -> tuple[date | None, date | None]:
        found = [line.moment.date() for line in self.lines if line.kind == "sale" and line.moment]
        return min(found, default=None), max(found, default=None)

    @property
    def customers_by_key(self) -> dict[str, int]:
        keys = {line.key for line in self.taken if line.key != NO_KEY}
        found: dict[str, int] = defaultdict(int)
        for kind, _ in keys:
            found[kind] += 1
        return dict(found)


def read(data: bytes, encoding: str, delimiter: str) -> list[Row]:
    """Return (line of the file on which it starts, cells) of every row that is not blank, the header's too.

    Blank is also a row of nothing but separators, at least as many as the header's.
    """
    reader = csv.reader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter, strict=True)
    header, *rows = _numbered(reader)
    return [header, *((line, cells) for line, cells in rows if "".join(cells).strip() or len(cells) < len(header[1]))]


def _numbered(reader: Iterator[list[str]]) -> Iterator[Row]:
    start = 1
    for cells in reader:
        if cells:
            yield start, cells
        start = reader.line_num + 1  # type: ignore[attr-defined]  # csv's reader counts lines


def account(
    rows: Iterable[Row], columns: dict[str, str], *, drop_repeats: bool = False, fee_codes: frozenset[str] = frozenset()
) -> Account:
    """Classify every row; `columns` says which header is what, `fee_codes` which product codes are no goods."""
    (_, header), *body = rows
    names = [cell.strip().removeprefix("\ufeff") for cell in header]
    places = {name: names.index(column) for name, column in columns.items()}
    lines = [_line(number, cells, len(names), places) for number, cells in body]
    for line in lines:
        if line.line_type == "goods" and line.code.upper() in fee_codes:
            line.line_type = "fee"
    readable = [line for line in lines if not line.reason]
    _say_status(readable)
    _hold_back(readable, places, drop_repeats=drop_repeats)
    for line in lines:
        line.kind = _kind(line)
        line.ref = line.order if "order_id" in places else f"row {line.line}"
    taken = [line for line in lines if not line.reason]
    _match([line for line in taken if line.back], [line for line in taken if line.kind == "sale"])
    found = Account(lines, tuple(names))
    _count(found, taken)
    return found


def _line(number: int, cells: list[str], width: int, places: dict[str, int]) -> Line:
    misfit = len(cells) < width or any(cells[width:])
    full = [*cells, *[""] * width]
    line = Line(number, (*full[:width], *([""] if misfit else [])))

    def text(name: str) -> str:
        return unicodedata.normalize("NFKC", full[places[name]]).strip() if name in places else ""

    line.order, line.line_id, line.code = text("order_id"), text("line_id"), text("product_code")
    name = full[places["product_name"]].strip() if "product_name" in places else ""
    line.product = line.code or name
    line.key = _key(text)
    line.written = STATUSES.get(text("status").casefold(), "valid")
    line.line_type = LINE_TYPES[text("line_type").casefold()]
    if line.line_type == "goods" and name in {"送料", "手数料"}:
        line.line_type = LINE_TYPES[name]
    line.reason = "cells" if misfit else _read_values(line, places, text)
    if line.written == "valid" and text("cancelled_at"):
        line.written = "cancelled"
    return line


def _key(text: Callable[[str], str]) -> Key:
    customer, mail = text("customer_key"), text("email")
    if customer:
        return ("mail", customer.casefold()) if "@" in customer else ("id", customer)
    if mail:
        return "mail", mail.casefold()
    phone, name = re.sub(r"\D", "", text("phone")), re.sub(r"\s", "", text("customer_name"))
    return ("phone", phone + name) if phone and name else NO_KEY


def _read_values(line: Line, places: dict[str, int], text: Callable[[str], str]) -> str:
    """Read date, quantity and amount; return the first reason against the row."""
    line.moment = moment(text("ordered_at"))
    pieces = number(text("quantity")) if text("quantity") else Decimal(1)
    broken = pieces is None or pieces != int(pieces)
    line.quantity = None if broken or pieces is None else int(pieces)
    if "line_amount" in places and (text("line_amount") or "unit_price" not in places):
        line.amount = number(text("line_amount"))
    elif line.quantity is not None:
        price = number(text("unit_price"))
        line.amount = None if price is None else price * line.quantity
    tests = (
        (not text("ordered_at"), "date_empty"),
        (line.moment is None, "date"),
        ("order_id" in places and not line.order, "order"),
        (broken, "quantity"),
        (line.amount is None, "amount"),
    )
    return next((reason for failed, reason in tests if failed), "")


def _say_status(readable: list[Line]) -> None:
    positive = {line.order for line in readable if line.order and line.line_type == "goods" and not line.negative}
    for line in readable:
        line.status = line.written
        if line.written == "valid" and line.negative:
            if re.fullmatch(r"[Cc]\d+", line.order):
                line.status = "cancelled"
            elif line.line_type == "goods" and line.order in positive:
                line.status = "returned"


def _hold_back(readable: list[Line], places: dict[str, int], *, drop_repeats: bool) -> None:
    seen: set[tuple[str, ...]] = set()
    numbers: set[tuple[str, str]] = set()
    for line in readable:
        named = (line.order, line.line_id)
        goods_back = line.negative and line.line_type == "goods" and line.status not in {"cancelled", "returned"}
        if drop_repeats and line.cells in seen:
            line.reason = "repeat"
        elif line.line_id and "order_id" in places and named in numbers:
            line.reason = "line_repeat"
        elif goods_back:
            line.reason = "negative" if (line.quantity or 0) < 0 else "negative_amount"
        seen.add(line.cells)
        numbers.add(named)


def _kind(line: Line) -> str:
    if line.reason:
        return "held_back"
    if line.line_type != "goods":
        return line.line_type
    if line.status in {"cancelled", "returned"} and line.negative:
        return {"cancelled": "cancel", "returned": "return"}[line.status]
    return "sale" if line.status == "valid" else line.status


@dataclass
class _Bought:
    """Pieces of one product in one order that have not come back."""

    moment: datetime
    line: int
    left: int


def _match(back: list[Line], sales: list[Line]) -> None:
    bought: dict[tuple[Key, str], dict[str, _Bought]] = defaultdict(dict)
    for line in sorted(sales, key=_when):
        there = bought[line.key, line.product].setdefault(line.ref, _Bought(_when(line)[0], line.line, 0))
        there.left += line.pieces
    orders = {(line.key, line.ref) for line in sales}
    searched = []
    for line in sorted(back, key=_when):
        named = line.ref[1:] if re.fullmatch(r"[Cc]\d+", line.ref) else line.ref
        own = next((ref for ref in (named, line.ref) if (line.key, ref) in orders), None)
        if own is None:
            searched.append(line)
            continue
        line.ref, line.matched = own, True
        if own in bought[line.key, line.product]:
            bought[line.key, line.product][own].left += line.pieces
    for line in searched:
        _search(line, bought[line.key, line.product])


def _search(line: Line, bought: dict[str, _Bought]) -> None:
    when, need = _when(line)[0], -line.pieces
    fits = [(one.moment, one.line, ref) for ref, one in bought.items() if one.moment <= when and one.left >= need]
    if line.key != NO_KEY and fits:
        line.ref, line.matched = max(fits)[2], True
        bought[line.ref].left -= need


def _when(line: Line) -> tuple[datetime, int]:
    return line.moment or datetime.min, line.line  # noqa: DTZ901 - only rows with a date come here


def _count(found: Account, taken: list[Line]) -> None:
    goods = [line for line in taken if line.kind == "sale" or line.back]
    orders: dict[OrderKey, list[Line]] = defaultdict(list)
    people: dict[Key, list[Line]] = defaultdict(list)
    for line in goods:
        orders[line.key, line.ref].append(line)
        people[line.key].append(line)
    valid = [key for key, lines in orders.items() if _is_order(lines)]
    found.orders = len(valid)
    by_person: dict[Key, int] = defaultdict(int)
    for key, _ in valid:
        by_person[key] += 1
    found.people = {
        key: Person(orders_of, sum(line.pieces for line in people[key]), sum(line.counted for line in people[key]))  # type: ignore[arg-type]  # a sum of decimals
        for key, orders_of in by_person.items()
        if key != NO_KEY
    }


def _is_order(lines: list[Line]) -> bool:
    sold = any(line.kind == "sale" for line in lines)
    gone = any(line.back for line in lines) and sum(line.pieces for line in lines) <= 0
    return sold and not gone
