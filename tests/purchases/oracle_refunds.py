"""What refunds leave of orders once more, in plain Python over csv rows; nothing of the product is used here.

The refund stands on each row of an order or on its first alone; the newest file that names a row of the order says it.
Returned rows (below zero) of an order are part of it, so only what was refunded beyond them is taken off the rest of the
goods. Nothing of an order refunded as far as its goods go is left. Cancelled and returned orders count for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Row = dict[str, str]
OFF = {"キャンセル", "返品"}


@dataclass
class Order:
    """One order as the newest rows show it."""

    customer: str
    goods: dict[str, Decimal]
    pieces: int
    came_back: bool
    back: Decimal
    refunded: Decimal

    @property
    def sold(self) -> Decimal:
        return sum(self.goods.values(), Decimal(0))

    @property
    def given(self) -> Decimal:
        """Return what is taken off the goods that are left."""
        return max(min(self.refunded, self.sold) - self.back, Decimal(0))

    @property
    def beyond(self) -> Decimal:
        return max(self.refunded - max(self.sold, self.back), Decimal(0))

    @property
    def whole(self) -> bool:
        return self.refunded >= self.sold > self.back

    @property
    def counts(self) -> bool:
        return bool(self.goods) and not self.whole and not (self.came_back and self.pieces <= 0)

    @property
    def left(self) -> Decimal:
        return Decimal(0) if self.whole else self.sold - self.back - self.given

    def share(self, code: str) -> Fraction:
        """Return the exact part of a line in what is taken off."""
        return Fraction(self.given) * Fraction(self.goods[code]) / Fraction(self.sold) if self.sold else Fraction(0)


def orders_of(files: Iterable[list[Row]]) -> dict[str, Order]:
    """Return the orders that something was sold of, after these files in their order."""
    newest: dict[tuple[str, str, bool], tuple[int, Row]] = {}
    for number, rows in enumerate(files):
        for row in rows:
            newest[row["order"], row["code"], int(row["pieces"]) < 0] = (number, row)
    placed: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    for (order, _, _), row_of in newest.items():
        placed[order].append(row_of)
    found = {order: _order([one for one in rows if counts(one[1])]) for order, rows in placed.items()}
    return {order: one for order, one in found.items() if one is not None}


def counts(row: Row) -> bool:
    return int(row["pieces"]) < 0 or row["status"] not in OFF


def _order(rows: list[tuple[int, Row]]) -> Order | None:
    sold = [(number, row) for number, row in rows if int(row["pieces"]) > 0]
    if not sold:
        return None
    last = max(number for number, _ in sold)
    return Order(
        customer=sold[0][1]["customer"],
        goods={row["code"]: amount(row) for _, row in sold},
        pieces=sum(int(row["pieces"]) for _, row in rows),
        came_back=len(sold) < len(rows),
        back=-sum((amount(row) for _, row in rows if int(row["pieces"]) < 0), Decimal(0)),
        refunded=max(abs(Decimal(row["refund"].removeprefix("-") or 0)) for number, row in sold if number == last),
    )


def amount(row: Row) -> Decimal:
    return Decimal(row["price"]) * int(row["pieces"])


def people_of(orders: dict[str, Order]) -> dict[str, tuple[int, Decimal]]:
    """Return the orders and the amount of each customer with an order that counts."""
    found: dict[str, tuple[int, Decimal]] = {}
    for order in orders.values():
        number, money = found.get(order.customer, (0, Decimal(0)))
        found[order.customer] = (number + order.counts, money + order.left)
    return {customer: one for customer, one in found.items() if one[0]}
