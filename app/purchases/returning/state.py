"""Valid orders in arrays, and where each customer stood on a day. Days are whole numbers since 1970-01-01."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return a day as a number of days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """Return the day of a number."""
    return EPOCH + timedelta(days=number)


@dataclass(frozen=True)
class Orders:
    """Valid orders of known customers, by customer and day; one element an order, the same place in all three arrays.

    `customer` is any whole number that names one; `amount` is in one unit for all. Make them by `orders`.
    """

    customer: Ints
    day: Ints
    amount: Floats

    def until(self, day: int) -> "Orders":
        """Return what was known on a day, that day included."""
        kept = self.day <= day
        return Orders(self.customer[kept], self.day[kept], self.amount[kept])

    def between(self, after: int, until: int) -> "Orders":
        """Return the orders after a day up to another one, that one included."""
        kept = (self.day > after) & (self.day <= until)
        return Orders(self.customer[kept], self.day[kept], self.amount[kept])


def orders(customer: ArrayLike, day: ArrayLike, amount: ArrayLike) -> Orders:
    """Put orders that come in any sequence in theirs."""
    who = np.asarray(customer, dtype=np.int64)
    when = np.asarray(day, dtype=np.int64)
    money = np.asarray(amount, dtype=np.float64)
    if not len(who) == len(when) == len(money):
        raise ValueError("customer, day and amount must be of one length")
    place = np.lexsort((money, when, who))  # by amount too: the same orders give the same sums to the last bit
    return Orders(who[place], when[place], money[place])


@dataclass(frozen=True)
class State:
    """Where each customer with an order stood at the end of day `cutoff`; one element a customer, by `customer`.

    `n` counts orders, `x` the purchase days after the first one; `first` and `last` are days. In the letters of the
    literature t_x is `span` and T is `age`.
    """

    cutoff: int
    customer: Ints
    n: Ints
    x: Ints
    first: Ints
    last: Ints
    amount: Floats

    def __len__(self) -> int:
        return len(self.customer)

    @property
    def span(self) -> Ints:
        """Days from the first to the last purchase day: t_x."""
        return self.last - self.first

    @property
    def age(self) -> Ints:
        """Days from the first purchase day to the cut-off: T."""
        return self.cutoff - self.first

    @property
    def recency(self) -> Ints:
        """Days from the last purchase day to the cut-off."""
        return self.cutoff - self.last

    @property
    def interval(self) -> Floats:
        """Mean days between a customer's following purchase days; not a number where there was only one."""
        return np.where(self.x > 0, self.span / np.maximum(self.x, 1), np.nan)


def state(known: Orders, cutoff: int) -> State:
    """Return where customers stood at a cut-off; later orders are not looked at."""
    past = known.until(cutoff)
    who, when = past.customer, past.day
    if not len(who):
        none = np.zeros(0, dtype=np.int64)
        return State(cutoff, none, none, none, none, none, np.zeros(0))
    starts = np.flatnonzero(np.concatenate(([True], who[1:] != who[:-1])))
    ends = np.append(starts[1:], len(who)) - 1
    other_day = np.concatenate(([True], (who[1:] != who[:-1]) | (when[1:] != when[:-1])))
    return State(
        cutoff=cutoff,
        customer=who[starts],
        n=ends - starts + 1,
        x=np.add.reduceat(other_day.astype(np.int64), starts) - 1,
        first=when[starts],
        last=when[ends],
        amount=np.add.reduceat(past.amount, starts),
    )


def came_back(known: Orders, then: State, days: int) -> Bools:
    """Return for each customer of a state whether they ordered again within so many days after its cut-off."""
    later = known.between(then.cutoff, then.cutoff + days)
    return np.isin(then.customer, later.customer)
