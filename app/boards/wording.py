"""Phrases and measures of a board in a reader's language, the same on the page and in the deck."""

from dataclasses import replace
from decimal import Decimal

from app.boards.schemas import (
    Ago,
    AgoUnit,
    Amount,
    ChangeKind,
    PersonBoard,
    Row,
    Scope,
    StageColumn,
    StageStatus,
    TurnBasis,
    Unheard,
)
from app.boards.study_schemas import AttributeColumn, AttributeTable
from app.core.i18n import N_, Translator
from app.language.codebook import Stage
from app.purchases.other.attribute_words import value_label

ROW_LABELS = {
    Row.TOUCHPOINT: N_("Touchpoint"),
    Row.ACTION: N_("Action"),
    Row.THOUGHT: N_("Thought"),
    Row.EMOTION: N_("Emotion"),
    Row.OTHER: N_("Other voices"),
}
SCOPE_LABELS = {
    Scope.INTERNAL: N_("Inside the company"),
    Scope.PLANNING: N_("Planning"),
    Scope.ADVERTISING: N_("May be advertised"),
}
UNHEARD_LABELS = {
    Unheard.NOT_INTERVIEWED: N_("No finished interview yet."),
    Unheard.NOT_ASKED: N_("{questions} was not asked."),
    Unheard.SKIPPED: N_("{questions} was skipped."),
    Unheard.NO_QUESTION: N_("Not a question for this class."),
    Unheard.LEFT_OUT: N_("Voices exist, but outside your scope."),
}
PROBE_UNASKED = N_("No probe asked what made them stay.")
BASIS_LABELS = {
    TurnBasis.SAID_ORDER: N_("Pinned by the order number they named."),
    TurnBasis.SAID_SUBSCRIPTION: N_("Pinned by the switch to the subscription they told of."),
    TurnBasis.SAID_TIME: N_("Pinned by the time they told of."),
    TurnBasis.LARGEST_CHANGE: N_("They named no time; this is where their purchases changed most."),
    TurnBasis.NONE: N_("Told, but no change of behaviour shows in the record."),
}
CHANGE_LABELS = {
    ChangeKind.GAP: N_("Days between orders"),
    ChangeKind.AMOUNT: N_("Amount per order"),
    ChangeKind.ITEMS: N_("Items per order"),
    ChangeKind.WAY: N_("Way of buying"),
}
TOO_FEW, NOT_KNOWN = N_("Hidden: fewer than 5 customers share it"), N_("not known")
WAY_LABELS = {"single": N_("One at a time"), "subscription": N_("Subscription")}


def column_label(by: AttributeTable, column: AttributeColumn, t: Translator) -> str:
    """Return what stands above a column of stage × attribute."""
    if column.value is None:
        return t(TOO_FEW)
    return value_label(by.level, column.value, t) if column.value else t(NOT_KNOWN)


def money(t: Translator, amount: Amount) -> str:
    """Return ¥4,380, or "about ¥4,400" where it is rounded."""
    if not amount.rounded:
        return t.money(amount.value, amount.currency)
    return t("about {amount}", amount=t.man(amount.value, amount.currency))


def ago_words(t: Translator, since: Ago) -> str:
    """Return how long before the as-of date: "5 days ago", "about 3 weeks ago"."""
    if since.unit is AgoUnit.MONTH:
        return t.plural("about {n} month ago", "about {n} months ago", n=since.n)
    if since.n == 0:
        return t("on the as-of date") if since.unit is AgoUnit.DAY else t("a few days ago")
    if since.unit is AgoUnit.WEEK:
        return t.plural("about {n} week ago", "about {n} weeks ago", n=since.n)
    return t.plural("{n} day ago", "{n} days ago", n=since.n)


def unheard(t: Translator, column: StageColumn) -> str:
    """Return why a stage is unheard, in one sentence; empty for other stages."""
    if column.why is None:
        return ""
    if column.why is Unheard.NOT_ASKED and column.stage == "loyalty_trigger":
        return t(PROBE_UNASKED)
    return t(UNHEARD_LABELS[column.why], questions=t.join(column.questions))


def no_trigger(t: Translator, board: PersonBoard) -> tuple[str, str]:
    """Return the label and the sentence that stand where nobody told what made them stay."""
    column = next(column for column in board.journey if column.stage is Stage.LOYALTY_TRIGGER)
    if column.status is StageStatus.NOTHING:
        return t("Nothing said"), t("It was asked what made them stay; nothing was told.")
    return t("Not heard"), unheard(t, column)


def change_side(t: Translator, kind: ChangeKind, value: Decimal | str | None, like: Amount) -> str:
    """Return one side of a before and after: "56 days", "¥3,300", "1.8 items"; money as in `like`."""
    if value is None:
        return t("not known")
    if isinstance(value, str):
        return t(WAY_LABELS[value])
    if kind is ChangeKind.GAP:
        return t.plural("{n} day", "{n} days", n=round(value))
    if kind is ChangeKind.ITEMS:
        return t("{n} items", n=f"{value:.1f}")
    return money(t, replace(like, value=value))
