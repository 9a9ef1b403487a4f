"""Where people stop, how long subscriptions last, what is left over, as documents."""

from dataclasses import asdict
from typing import Any

from app.purchases.stopping.schemas import (
    StopPoints,
    StopRow,
    SurplusGroup,
    SurplusRow,
    SurplusTable,
    Survival,
    SurvivalTable,
)
from app.studies.guide_file import stop_templates

BANDS = ("used_up_before", "used_up", "up_to_one", "up_to_two", "more_than_two")


def stop_points(found: StopPoints | None, locale: str) -> dict[str, Any]:
    """Return every stop point with its hypothesis in this language; lists are empty while there are no orders."""
    head = {"as_of": found.as_of, "customers": found.customers, "stopped": found.stopped} if found else {}
    together = [_stop(row, locale) | {"product": None} for row in found.together] if found else []
    return {
        **head,
        "stop_points": [_stop(row, locale) for row in found.rows] if found else [],
        "all_products": together,
    }


def survival(found: SurvivalTable | None) -> dict[str, Any]:
    """Return how long subscriptions last; the list is empty while there are no orders."""
    rows = [_survival(row) for row in found.rows] if found else []
    return {"as_of": found.as_of if found else None, "survival": rows}


def surplus(found: SurplusTable | None) -> dict[str, Any]:
    """Return how much of each product people have left; lists are empty while there are no orders."""
    head = {"as_of": found.as_of, "products_not_set": found.products_not_set} if found else {}
    not_set = [asdict(one) for one in found.not_set] if found else []
    return {**head, "surplus": [_surplus(row) for row in found.rows] if found else [], "not_set": not_set}


def _stop(row: StopRow, locale: str) -> dict[str, Any]:
    template = stop_templates().get((row.kind, row.nth))
    return {
        "nth": row.nth, "product": row.product, "kind": row.kind, "ending": row.ending, "people": row.people,
        "reached": row.reached, "waiting": row.waiting, "known": row.known, "share": round(row.share, 6), "usual_days": row.usual_days,
        "reasons": [asdict(one) for one in row.reasons], "rarer_reasons": row.rarer_reasons, "no_reason": row.no_reason,
        "hypothesis": list(template.lines(locale)) if template else [],
    }  # fmt: skip


def _survival(row: Survival) -> dict[str, Any]:
    return {
        "product": row.product, "subscriptions": row.subscriptions, "ended": row.ended, "silent": row.silent,
        "late": row.late, "first_on": row.first_on, "last_on": row.last_on,
        "steps": [asdict(step) for step in row.steps], "curve": asdict(row.curve) if row.curve else None,
        "cautions": [caution.value for caution in row.cautions],
    }  # fmt: skip


def _surplus(row: SurplusRow) -> dict[str, Any]:
    return {
        "product": row.product, "people": row.people, "above_one": row.above_one,
        "groups": [_group(group) for group in row.groups],
    }  # fmt: skip


def _group(group: SurplusGroup) -> dict[str, Any]:
    return {
        "standing": group.standing, "people": group.people, "median_days": group.median_days,
        "above_one": group.above_one, **dict(zip(BANDS, group.bands, strict=True)),
    }  # fmt: skip
