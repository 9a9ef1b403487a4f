"""Who moved, as documents."""

from typing import Any

from app.purchases.movement.schemas import Arrows, Between, Kept, Moves


def movement(found: Between | Kept | None) -> dict[str, Any]:
    """Return who moved between two days, or with the last change; lists are empty where there is nothing to compare."""
    if found is None:
        return {"from_on": None, "to_on": None, "rows": [], "types": []}
    if isinstance(found, Kept):
        head: dict[str, Any] = {"from_on": found.as_of_before, "to_on": found.as_of, "made_by": found.made_by}
    else:
        head = {"from_on": found.from_on, "to_on": found.to_on}
    return head | _moves(found.moves)


def _moves(moves: Moves) -> dict[str, Any]:
    counts = {"moved": moves.classes.moved, "new_customers": moves.classes.came, "gone": moves.classes.went}
    return {**moves.headlines(), **counts, "rows": _rows(moves.classes), "types": _rows(moves.types)}


def _rows(arrows: Arrows) -> list[dict[str, Any]]:
    return [
        {
            "from": one.before,
            "to": one.after,
            "people": one.people,
            "share": _rounded(arrows.share(one.before, one.after)),
        }
        for one in arrows.rows
    ]


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
