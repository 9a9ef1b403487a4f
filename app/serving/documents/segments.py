"""Conditions, saved segments and their people, as documents."""

from typing import Any

from app.core.i18n import Translator
from app.purchases.schemas import CustomerSummary
from app.purchases.segments.models import SegmentKind
from app.purchases.segments.people import Sums
from app.purchases.segments.rule import Rule, in_words
from app.purchases.segments.schemas import SegmentRow
from app.serving.documents.amounts import by_currency, plain_decimal


def segment(row: SegmentRow, t: Translator) -> dict[str, Any]:
    """Return a saved segment."""
    frozen = row.kind is SegmentKind.FROZEN
    return {
        "segment": row.public_id, "name": row.name, "kind": row.kind.value, "rule": row.rule.to_query(),
        "conditions": list(in_words(row.rule, t, segments=row.names)), "people": row.people,
        "before": row.before, "before_on": row.before_on, "change": row.change, "frozen_on": row.frozen_on,
        "frozen_people": row.size if frozen else None, "gone": row.gone if frozen else None,
        "created_at": row.created_at.isoformat(),
    }  # fmt: skip


def segment_for_planners(row: SegmentRow, t: Translator) -> dict[str, Any]:
    """Return a saved segment as planners see it on the page: what would tell of a few people is null."""
    withheld = {
        "people": row.few, "rule": row.rule_withheld, "conditions": row.rule_withheld, "before": row.change_withheld,
        "change": row.change_withheld, "gone": row.gone_withheld, "frozen_people": True,
    }  # fmt: skip
    found = segment(row, t) | {"few": row.few}
    return {name: None if withheld.get(name) else value for name, value in found.items()}


def counted(rule: Rule, names: dict[str, str], sums: Sums | None, t: Translator) -> dict[str, Any]:
    """Return how many people conditions find."""
    return {"rule": rule.to_query(), "conditions": list(in_words(rule, t, segments=names)), **totals(sums)}


def totals(sums: Sums | None) -> dict[str, Any]:
    """Return what some people come to; nothing while there are no orders."""
    return {
        "people": sums.people if sums else 0,
        "orders": sums.orders if sums else 0,
        "amount": by_currency(sums.amount) if sums else {},
    }


def person(one: CustomerSummary) -> dict[str, Any]:
    """Return a customer by the columns of the file of people (`segments.csv_file.COLUMNS`); never contact data."""
    stop = one.stop_point
    return vars(one) | {
        "customer_class": one.customer_class.value,
        "purchase_type": one.purchase_type.value,
        "amount": plain_decimal(one.amount, one.currency),
        "stop_number": stop.number if stop else None,
        "stop_product": stop.product if stop else None,
        "stop_kind": stop.kind if stop else None,
        "stop_ending": stop.ending if stop else None,
    }
