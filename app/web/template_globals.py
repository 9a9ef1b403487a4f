"""What every template may call besides text and dates: names of stages and classes, and chart geometry."""

from collections.abc import Callable, Mapping

from app.candidates.sentences import say
from app.interviews.labels import interview_label
from app.language.codebook import SEALS, STAGE_LABELS, STAGE_SHORT, Stage, detail_label
from app.purchases.catalogue.words import HAPPENED_LABELS
from app.purchases.classes import CLASS_LABELS, KIND_LABELS, TYPE_LABELS, CustomerClass, PurchaseType
from app.purchases.held_rows import reason_key
from app.purchases.identity.models import MergeReason
from app.purchases.identity.schemas import REASON_LABELS
from app.purchases.schemas import Timeline
from app.tagging.labels import tag_state_label
from app.web.attribute_words import ATTRIBUTE_GLOBALS
from app.web.board_words import BOARD_GLOBALS
from app.web.candidate_words import CANDIDATE_GLOBALS
from app.web.charts.axis import narrow_axis, time_axis
from app.web.charts.journal import journal
from app.web.charts.marks import marks_of
from app.web.charts.spark import Spark, spark
from app.web.charts.twins import twins
from app.web.charts.vertical import vertical
from app.web.figures.layers import share_of
from app.web.figures.rule_form import RULE_GLOBALS
from app.web.imports.fields import table_label
from app.web.imports.states import import_standing


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


def kind_label(kind: str) -> str:
    """Return the msgid of an order kind: trial, single or subscription."""
    return KIND_LABELS[kind]


def reason_label(reason: MergeReason) -> str:
    """Return the msgid of why two customer numbers are one person."""
    return REASON_LABELS[reason]


def happened_label(kind: str) -> str:
    """Return the msgid of what happened beside the orders."""
    return HAPPENED_LABELS[kind]


def spark_of(timeline: Timeline, window_days: int | None = None) -> Spark:
    """Return the small order line of a customer."""
    return spark(marks_of(timeline), window_days=window_days)


TEMPLATE_GLOBALS: Mapping[str, Callable[..., object]] = {
    "stage_label": stage_label,
    "interview_label": interview_label,
    "say": say,
    "stage_short": stage_short,
    "stage_seal": stage_seal,
    "detail_label": detail_label,
    "tag_state_label": tag_state_label,
    "class_label": class_label,
    "type_label": type_label,
    "kind_label": kind_label,
    "reason_label": reason_label,
    "happened_label": happened_label,
    "spark_of": spark_of,
    "spark_shape": spark,
    "vertical_of": vertical,
    "time_axis": time_axis,
    "narrow_axis": narrow_axis,
    "journal_of": journal,
    "twins_shape": twins,
    "marks_of": marks_of,
    "reason_key": reason_key,
    "table_label": table_label,
    "import_standing": import_standing,
    "amount_shares": share_of,
    **ATTRIBUTE_GLOBALS,
    **RULE_GLOBALS,
    **CANDIDATE_GLOBALS,
    **BOARD_GLOBALS,
}
