"""Why somebody has the score they have, as numbers: own rhythm, days since, and how people like them did."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.purchases.returning.scores import Scores

WITHIN_DAYS = 90
COLUMNS = ("p_return", "p_second", "usual_days", "alike_people", "alike_came_back")


@dataclass(frozen=True)
class Explanation:
    """What can be said of one customer: "usually 34 days apart; of 310 people alike 29 % came back"; None: not known.

    `p_return` is the chance of another order within the days of the build's `Kept`, `p_second` the same by the second
    opinion. `usual_days` are the mean days between purchase days, None where there was one. `alike_people` had as many
    orders and as long without one on the earlier days that were learned from: counted, not modelled.
    """

    p_return: float | None
    p_second: float | None
    usual_days: float | None
    alike_people: int | None
    alike_came_back: int | None

    @property
    def alike_share(self) -> float | None:
        """Share of the people alike who came back; None where there were none."""
        return (self.alike_came_back or 0) / self.alike_people if self.alike_people else None

    def times_usual(self, days_since: int) -> float | None:
        """Return the days since the last order in own intervals."""
        return days_since / self.usual_days if self.usual_days else None


def columns(scores: "Scores") -> dict[str, Any]:
    """Return `COLUMNS` but the second opinion, one element a customer of the scores' state; nan and -1 are not known."""
    import numpy as np

    from app.purchases.returning.past_shares import cells

    here = cells(scores.state)
    unknown = np.full(len(here), -1, dtype=np.int64)
    return {
        "p_return": scores.probability,
        "usual_days": scores.state.interval,
        "alike_people": scores.past.people[here] if scores.past else unknown,
        "alike_came_back": scores.past.came_back[here] if scores.past else unknown,
    }
