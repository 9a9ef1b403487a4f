"""`n1 purchases stop-points`, `survival` and `surplus`: where people stop, how long subscriptions last, what is left over."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from app.cli.common import faults_told, parts, reading, say, say_json, settings, words
from app.core.i18n import N_
from app.purchases.classes import KIND_LABELS
from app.purchases.stopping import queries
from app.purchases.stopping.schemas import StopRow, SurplusGroup, SurplusRow, Survival
from app.purchases.stopping.words import ENDING_LABELS, STANDING_LABELS
from app.studies.guide_file import stop_templates

JsonFlag = Annotated[bool, typer.Option("--json", help="print JSON")]
NO_ORDERS = N_("There are no orders yet.")
EVERY = N_("All products")
BANDS = ("used_up_before", "used_up", "up_to_one", "up_to_two", "more_than_two")


def stop_points(*, json: JsonFlag = False) -> None:
    """Print after which order of which product people stopped, most people first."""
    with faults_told(), reading() as session:
        found = queries.stop_points(session, parts().orders)
    if json:
        head = {"as_of": found.as_of, "customers": found.customers, "stopped": found.stopped} if found else {}
        together = [_stop(row) | {"product": None} for row in found.together] if found else []
        rows = [_stop(row) for row in found.rows] if found else []
        say_json({**head, "stop_points": rows, "all_products": together})
        return
    _ = words()
    for row in found.rows if found else ():
        point = f"{row.nth}\t{row.product}\t{_(KIND_LABELS[row.kind])}\t{_(ENDING_LABELS[row.ending])}"
        say(f"{point}\t{row.people}\t{row.reached}\t{row.share:.1%}\t{row.usual_days}")
    if found is None:
        say(_(NO_ORDERS))


def survival(*, json: JsonFlag = False) -> None:
    """Print the share still subscribed after each delivery, observed and by the sBG curve."""
    with faults_told(), reading() as session:
        found = queries.survival(session, parts().orders)
    if json:
        say_json({"as_of": found.as_of if found else None, "survival": [_survival(row) for row in found.rows] if found else []})  # fmt: skip
        return
    _ = words()
    for row in found.rows if found else ():
        for step in row.steps:
            expected = "-" if step.expected is None else f"{step.expected:.1%}"
            say(f"{row.product or _(EVERY)}\t{step.nth}\t{step.had}\t{step.stopped}\t{step.still:.1%}\t{expected}")
    if found is None:
        say(_(NO_ORDERS))


def surplus(*, json: JsonFlag = False) -> None:
    """Print how many days of each product people have left, where a product has days for one piece."""
    with faults_told(), reading() as session:
        found = queries.surplus(session, parts().orders)
    if json:
        head = {"as_of": found.as_of, "products_not_set": found.products_not_set} if found else {}
        not_set = [asdict(one) for one in found.not_set] if found else []
        say_json({**head, "surplus": [_surplus(row) for row in found.rows] if found else [], "not_set": not_set})
        return
    _ = words()
    for row in found.rows if found else ():
        for group in row.groups:
            say(
                f"{row.product}\t{_(STANDING_LABELS[group.standing])}\t{group.people}\t{group.median_days}\t{group.above_one}"
            )
    if found is None:
        say(_(NO_ORDERS))


def _stop(row: StopRow) -> dict[str, Any]:
    template = stop_templates().get((row.kind, row.nth))
    return {
        "nth": row.nth, "product": row.product, "kind": row.kind, "ending": row.ending, "people": row.people,
        "reached": row.reached, "waiting": row.waiting, "share": round(row.share, 6), "usual_days": row.usual_days,
        "reasons": [asdict(one) for one in row.reasons], "rarer_reasons": row.rarer_reasons, "no_reason": row.no_reason,
        "hypothesis": list(template.lines(settings().locale)) if template else [],
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
