"""Reads the valid orders of a built version into arrays, and scores or measures them.

What was valid on a day goes by the order lines up to it: a later return takes nothing off. A status (cancelled, returned)
has no day in the files; it counts from the start.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from ibis import _

from app.purchases.figures import frames
from app.purchases.figures.stored import Table, one_row, stored
from app.purchases.returning.backtest import Backtest, NotMeasured, measured
from app.purchases.returning.scores import Scores, score
from app.purchases.returning.state import Bools, Ints, Orders, day_number, orders

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend


@dataclass(frozen=True)
class Known:
    """Valid orders up to a day; `customers` has one row (customer, source, customer_id) for each number in `orders`.

    Amounts are in mean orders of their source, so that sources of different currencies go together.
    """

    orders: Orders
    customers: pa.Table


def read(backend: "Backend", lines: Path, until: date) -> Known:
    """Return the valid orders of known customers up to a day, as they stood on it."""
    known = stored(backend, _valid(backend, lines, until))
    people = stored(backend, _numbered(known))
    means = known.group_by(mean_source=_.source).agg(mean=_.amount.cast("float64").clip(lower=0).mean())
    row = known.join(people, frames.CUSTOMER).join(means, _.source == means.mean_source)
    found = row.select(
        "customer",
        day=_.ordered_on.epoch_days(),
        amount=_.amount.cast("float64") / _.mean.nullif(0).fill_null(1),
    ).to_pyarrow()
    columns = (found[name].to_numpy() for name in ("customer", "day", "amount"))
    return Known(orders(*columns), people.order_by("customer").to_pyarrow())


def backtest(backend: "Backend", lines: Path, cutoff: date, days: int) -> Backtest | NotMeasured:
    """Score customers from the orders that were known on a day, and measure it on the `days` days after.

    `lines` is the file of a build (`OrdersStore.lines_path`).
    """
    return measured(*looked_back(backend, lines, cutoff, days))


def looked_back(backend: "Backend", lines: Path, cutoff: date, days: int) -> tuple[Scores, Bools, int | None]:
    """Return the scores of a day, who of those people ordered in the `days` days after, and the day of the newest order."""
    known = read(backend, lines, cutoff)
    scores = score(known.orders, day_number(cutoff), days)
    whole = stored(backend, _valid(backend, lines, None))
    newest = one_row(whole.agg(day=_.ordered_on.max()))["day"]
    later = whole.filter((_.ordered_on > cutoff) & (_.ordered_on <= cutoff + timedelta(days=days)))
    returned = _returned(backend, known.customers, later, scores.state.customer)
    return scores, returned, None if newest is None else day_number(newest)


def _returned(backend: "Backend", customers: pa.Table, later: Table, numbers: Ints) -> Bools:
    people = stored(backend, customers)
    again = people.semi_join(later, frames.CUSTOMER).select("customer").to_pyarrow()
    return np.isin(numbers, again["customer"].to_numpy())


def _valid(backend: "Backend", lines: Path, until: date | None) -> Table:
    goods = frames.goods_lines(backend.read_parquet(str(lines)), until)
    profile = stored(backend, frames.profiles(goods))
    found = frames.orders(goods, profile, frames.room(profile.count().to_pyarrow().as_py()))
    known = found.filter((_.customer_id != "") & _.ordered_on.notnull())
    return known.select(*frames.CUSTOMER, "ordered_on", "amount")


def _numbered(known: Table) -> Table:
    import ibis

    people = known.select(*frames.CUSTOMER).distinct()
    return people.mutate(customer=ibis.row_number().over(order_by=list(frames.CUSTOMER)).cast("int64"))
