"""R, F, M, decile and the best of a year, each within its source, by cut points counted on distinct values."""

from functools import reduce
from operator import add

import ibis
from ibis import _

from app.purchases.figures.stored import Table, Value

SCORED = {"r": "last_order_on", "f": "orders", "m": "amount"}


def cuts(customers: Table, best_share: float) -> Table:
    """Return one row for each source: the greatest value at or below each share of its customers, null where none is.

    r1-r4, f1-f4 and m1-m4 cut into fifths, d1-d9 into tenths from above, `best` at the best share of `recent_amount`.
    """
    fifths = {name: _counted(customers, column) for name, column in SCORED.items()}
    tables = [
        table.group_by("source").agg(
            **{f"{name}{k}": _.value.max(where=_.upto * 5 <= _.people * k) for k in range(1, 5)}
        )
        for name, table in fifths.items()
    ]
    tables.append(
        fifths["m"].group_by("source").agg(
            **{f"d{k}": _.value.max(where=_.upto * 10 <= _.people * (10 - k)) for k in range(1, 10)}
        )
    )  # fmt: skip
    recent = _counted(customers, "recent_amount")
    tables.append(recent.group_by("source").agg(best=_.value.max(where=(_.people - _.upto) >= best_share * _.people)))
    return reduce(lambda left, right: left.join(right, "source"), tables)


def _counted(customers: Table, column: str) -> Table:
    """Return each value of a column with the people at or below it, and all people of the source."""
    values = customers.group_by("source", value=customers[column]).agg(times=_.count())
    return values.mutate(
        upto=_.times.sum().over(group_by="source", order_by="value", rows=(None, 0)),
        people=_.times.sum().over(group_by="source"),
    )


def fifth(row: Table, name: str) -> Value:
    """Return ceil(5 × cume_dist) of R, F or M: 1 to 5, 5 is best."""
    value = row[SCORED[name]]
    return _sum_of([(value > row[f"{name}{k}"]).fill_null(True) for k in range(1, 5)]) + 1  # noqa: FBT003 - a value


def decile(row: Table) -> Value:
    """Return the tenth by amount, 1 is best; equal amounts share the better one."""
    return _sum_of([(row.amount <= row[f"d{k}"]).fill_null(False) for k in range(1, 10)]) + 1  # noqa: FBT003 - a value


def best_of_year(row: Table) -> Value:
    """Return whether a customer is within the best share by the amount of the last year."""
    return (row.recent_amount > row.best).fill_null(True) & (row.recent_amount > 0)  # noqa: FBT003 - a value


def _sum_of(tests: list[Value]) -> Value:
    return reduce(add, (ibis.ifelse(test, 1, 0) for test in tests))
