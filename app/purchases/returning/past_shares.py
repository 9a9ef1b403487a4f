"""The shop's own table of order count × days since the last order, filled with the share who came back."""

from dataclasses import dataclass

import numpy as np

from app.purchases.classes import COUNT_BANDS, ELAPSED_BANDS
from app.purchases.figures.rules import ELAPSED_BOUNDS
from app.purchases.returning.state import Bools, Floats, Ints, State

OWN_WEIGHT = 10
"""So many people of the whole shop are added to each cell: a cell of two people says little."""


@dataclass(frozen=True)
class Alike:
    """People of one cell at earlier days, and how many of them came back."""

    count: str
    elapsed: str
    people: int
    came_back: int

    @property
    def share(self) -> float | None:
        """Share who came back; None where nobody stood there."""
        return self.came_back / self.people if self.people else None


@dataclass(frozen=True)
class PastShares:
    """People and returners by cell; a cell is `count band × number of elapsed bands + elapsed band`."""

    people: Ints
    came_back: Ints

    def probability(self, then: State) -> Floats:
        """Return the share of each customer's cell, drawn towards the whole shop's where a cell holds few people."""
        whole = self.came_back.sum() / max(self.people.sum(), 1)
        shares: Floats = (self.came_back + OWN_WEIGHT * whole) / (self.people + OWN_WEIGHT)
        return shares[cells(then)]

    def alike(self, cell: int) -> Alike:
        """Return what is known of a cell."""
        count, elapsed = divmod(cell, len(ELAPSED_BANDS))
        return Alike(COUNT_BANDS[count], ELAPSED_BANDS[elapsed], int(self.people[cell]), int(self.came_back[cell]))


def cells(then: State) -> Ints:
    """Return the cell of each customer."""
    count = np.minimum(then.n, len(COUNT_BANDS)) - 1
    elapsed = np.searchsorted(np.array(ELAPSED_BOUNDS), then.recency)
    return count * len(ELAPSED_BANDS) + elapsed


def past_shares(states: list[State], returned: list[Bools]) -> PastShares:
    """Count people and returners over earlier days."""
    size = len(COUNT_BANDS) * len(ELAPSED_BANDS)
    people, came_back = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for then, again in zip(states, returned, strict=True):
        place = cells(then)
        people += np.bincount(place, minlength=size)
        came_back += np.bincount(place[again], minlength=size)
    return PastShares(people, came_back)
