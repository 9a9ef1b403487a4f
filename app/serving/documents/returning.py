"""The chances of another order, and how well they held in the past, as documents."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.purchases.returning.kept import Kept


def returning(found: "Kept | None") -> dict[str, Any]:
    """Return what is kept beside the build in use; `bands` is null while nobody counted it."""
    if found is None:
        return {"as_of": None, "bands": None}
    from app.purchases.returning.backtest import EDGES  # numpy is loaded where it works
    from app.purchases.returning.state import day_of

    return {
        "as_of": found.as_of,
        "horizon": found.days,
        "method": found.method.value,
        "reason": found.reason.value if found.reason else None,
        "people": found.people,
        "bands": [
            {"from": low, "to": high, "people": people}
            for (low, high), people in zip(pairwise(EDGES), found.bands, strict=False)
        ],
        "trained_on": [
            {"day": day_of(one.cutoff), "people": one.people, "came_back": one.came_back} for one in found.training
        ],
        "backtest": found.past.document() if found.past else None,
        "second_opinion": {
            "state": found.second.state.value,
            "auc_all": found.second.auc_all,
            "auc_repeat": found.second.auc_repeat,
        },
    }
