"""What every template may call besides text and dates: names of stages and classes, and chart geometry."""

from collections.abc import Callable, Mapping

from app.language.codebook import SEALS, STAGE_LABELS, STAGE_SHORT, Stage
from app.purchases.classes import CLASS_LABELS, TYPE_LABELS, CustomerClass, PurchaseType


def stage_label(stage: Stage) -> str:
    """Return the msgid of a stage's name."""
    return STAGE_LABELS[stage]


def stage_short(stage: Stage) -> str:
    """Return the msgid of a stage's short name, for labels inside an answer."""
    return STAGE_SHORT[stage]


def stage_seal(stage: Stage) -> str:
    """Return the one kanji of a stage's seal, the same in every language."""
    return SEALS[stage]


def class_label(customer_class: CustomerClass) -> str:
    """Return the msgid of a customer class."""
    return CLASS_LABELS[customer_class]


def type_label(purchase_type: PurchaseType) -> str:
    """Return the msgid of a purchase type."""
    return TYPE_LABELS[purchase_type]


TEMPLATE_GLOBALS: Mapping[str, Callable[..., object]] = {
    "stage_label": stage_label,
    "stage_short": stage_short,
    "stage_seal": stage_seal,
    "class_label": class_label,
    "type_label": type_label,
}
