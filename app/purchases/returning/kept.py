"""What is kept beside a build: for each customer the chance of another order, and how such chances held in the past.

One Parquet file, sorted by customer; what holds for the whole shop stands in its metadata.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import TypeAdapter

from app.purchases.returning.backtest import EDGES, Backtest, auc, measured
from app.purchases.returning.explanation import WITHIN_DAYS, columns
from app.purchases.returning.scores import Method, Reason, Scores, TrainingDay, score
from app.purchases.returning.state import Floats, Ints, State, day_number, orders

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

    from app.purchases.returning.orders_file import Known

WEEK = 7.0
FITTED_ON = 50_000
"""The second opinion is fitted to so many customers at most, every n-th one: four numbers need no more."""
ROW_GROUP = 50_000
INFO = b"returning"
ORDER_COLUMNS = ["source", "customer_id", "order_number", "ordered_on", "amount"]


class Second(StrEnum):
    """What became of the second opinion, MBG/NBD."""

    FITTED = "fitted"
    AT_BOUND = "at_bound"
    NO_DROPOUT = "no_dropout"
    NO_REPEATS = "no_repeats"
    NOT_SETTLED = "not_settled"


@dataclass(frozen=True)
class SecondOpinion:
    """The second opinion today, and how it held on the day of the backtest; None where it could not be asked then."""

    state: Second
    auc_all: float | None = None
    auc_repeat: float | None = None


@dataclass(frozen=True)
class Kept:
    """What holds for the whole shop: of `people`, `bands` stand in the bands of `backtest.EDGES`.

    `past` measures the same way of scoring on the latest day whose horizon is over; None where orders do not reach back. The
    `days` asked about follow `known_until`: the as-of date, or the newest order's day where that lies before it.
    """

    as_of: date
    days: int
    method: Method
    reason: Reason | None
    people: int
    bands: tuple[int, ...]
    training: tuple[TrainingDay, ...]
    past: Backtest | None
    second: SecondOpinion
    known_until: date | None = None


KEPT = TypeAdapter(Kept)


@dataclass(frozen=True)
class Past:
    """What was measured on an earlier day, None where it could not be; `auc_all`, `auc_repeat` are the second opinion's."""

    first: Backtest | None = None
    auc_all: float | None = None
    auc_repeat: float | None = None


def count(
    orders_of: Path, as_of: date, past: Past, days: int = WITHIN_DAYS, *, known_until: date | None = None
) -> "pa.Table":  # fmt: skip
    """Score everybody of a build, return the table to keep; `past` is what `look_back` found.

    People stand where they stood on the last day of which orders can be known, by default the as-of date: days after it would
    look as if nobody bought any more.

    Columns: source, customer_id and `explanation.COLUMNS`, null where not known.
    """
    known = read_orders(orders_of)
    until = known_until or as_of
    scores = score(known.orders, day_number(until), days)
    state, second = second_opinion(scores.state, days)
    places = np.searchsorted(np.array(EDGES), scores.probability, side="right") - 1
    found = Kept(
        as_of=as_of,
        days=days,
        method=scores.method,
        reason=scores.reason,
        people=len(scores.state),
        bands=_bands(places) if scores.method is not Method.NONE else (),
        training=scores.training,
        past=past.first,
        second=SecondOpinion(state, past.auc_all, past.auc_repeat),
        known_until=until,
    )
    return _table(known.customers, scores, second, found)


def look_back(backend: "Backend", lines: Path, known_until: date, days: int = WITHIN_DAYS) -> Past:
    """Measure on the latest day whose horizon is over on the last day of which orders are known; `lines` is a build's file."""
    from app.purchases.returning import orders_file

    scores, returned, newest = orders_file.looked_back(backend, lines, known_until - timedelta(days=days), days)
    found = measured(scores, returned, newest)
    if not isinstance(found, Backtest):
        return Past()
    _, second = second_opinion(scores.state, days)
    if second is None:
        return Past(found)
    repeat = scores.state.x > 0
    return Past(found, auc(second, returned), auc(second[repeat], returned[repeat]))


def read_orders(path: Path) -> "Known":
    """Return the valid orders of a build; `path` is its file of orders (`OrdersStore.orders_path`).

    The file is sorted by customer and number, so a new customer begins wherever an order is somebody's first.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from app.purchases.returning.orders_file import Known

    table = pq.read_table(path, columns=ORDER_COLUMNS, read_dictionary=["source"]).combine_chunks()
    first = pc.equal(table["order_number"], 1)
    customers = table.select(["source", "customer_id"]).filter(first)
    customers = customers.append_column("customer", pa.array(np.arange(len(customers))))
    amount = table["amount"].cast(pa.float64()).to_numpy()
    place = table["source"].combine_chunks().indices.to_numpy() if len(table) else np.zeros(0, dtype=np.int64)
    means = np.bincount(place, np.maximum(amount, 0)) / np.maximum(np.bincount(place), 1)
    unit = np.where(means == 0, 1, means)[place]
    day = table["ordered_on"].cast(pa.int32()).to_numpy()
    return Known(orders(np.cumsum(first.to_numpy()) - 1, day, amount / unit), customers)


def second_opinion(then: State, days: int) -> tuple[Second, Floats | None]:
    """Return what became of MBG/NBD, and its chance of another order of each customer where it can be asked."""
    from app.purchases.returning import repeat_fit
    from app.purchases.returning.repeat_models import Model

    fitted = repeat_fit.fit(Model.MBG_NBD, repeat_fit.histories(_some(then), WEEK))
    if isinstance(fitted, repeat_fit.NoFit):
        return Second(fitted.reason.value), None
    if not fitted.dropout_found:
        return Second.NO_DROPOUT, None
    chance = repeat_fit.returning(fitted, repeat_fit.each(then, WEEK), days / WEEK)
    return Second.AT_BOUND if fitted.at_bound else Second.FITTED, chance


def _some(then: State) -> State:
    every = slice(None, None, max(-(-len(then) // FITTED_ON), 1))
    return State(
        then.cutoff, then.customer[every], then.n[every], then.x[every],
        then.first[every], then.last[every], then.amount[every],
    )  # fmt: skip


def _bands(places: Ints) -> tuple[int, ...]:
    size = len(EDGES) - 1
    return tuple(np.bincount(np.minimum(places, size - 1), minlength=size).tolist())


def _table(customers: "pa.Table", scores: Scores, second: Floats | None, found: Kept) -> "pa.Table":
    import pyarrow as pa

    named = customers.take(pa.array(scores.state.customer))
    values = columns(scores)
    kept: dict[str, pa.Array] = {
        "source": named["source"].cast(pa.string()),
        "customer_id": named["customer_id"].cast(pa.string()),
        "p_return": pa.array(values["p_return"], from_pandas=True),
        "p_second": pa.nulls(len(named), pa.float64()) if second is None else pa.array(second, from_pandas=True),
        "usual_days": pa.array(values["usual_days"], from_pandas=True),
    }
    for name in ("alike_people", "alike_came_back"):
        kept[name] = pa.array(values[name], pa.int64(), mask=values[name] < 0)
    return pa.table(kept).replace_schema_metadata({INFO: KEPT.dump_json(found)})


def write(table: "pa.Table", target: Path) -> None:
    """Write the file."""
    import pyarrow.parquet as pq

    pq.write_table(table, target, compression="zstd", row_group_size=ROW_GROUP)


def read(path: Path) -> Kept:
    """Return what the file says of the whole shop."""
    import pyarrow.parquet as pq

    return KEPT.validate_json(pq.read_schema(path).metadata[INFO])
