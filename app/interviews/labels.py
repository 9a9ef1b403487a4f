"""Names of modes, consent items and the other choices, as English msgids."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.candidates.models import CandidateState
from app.candidates.states import STATE_LABELS as CANDIDATE_LABELS
from app.core.i18n import N_
from app.interviews.models import (
    AnswerState,
    ConsentItem,
    ConsentWay,
    InterviewMode,
    InterviewState,
    NextIntention,
)

MODE_LABELS = {
    InterviewMode.IN_PERSON: N_("In person"),
    InterviewMode.PHONE: N_("By phone"),
    InterviewMode.ONLINE: N_("Online"),
    InterviewMode.VISIT: N_("Home visit"),
}
STATE_LABELS = {
    InterviewState.CONSENTING: N_("Waiting for consent"),
    InterviewState.LIVE: N_("In progress"),
    InterviewState.FINISHED: N_("Held to the end"),
}
ITEM_LABELS = {
    ConsentItem.PARTICIPATION: N_("Taking part"),
    ConsentItem.RECORDING: N_("Recording"),
    ConsentItem.INTERNAL_SHARING: N_("Sharing inside the company"),
    ConsentItem.PLANNING_USE: N_("Use in product planning"),
    ConsentItem.ADVERTISING: N_("Use in advertising"),
    ConsentItem.RECONTACT: N_("Being contacted again"),
}
WAY_LABELS = {
    ConsentWay.TABLET: N_("On a tablet"),
    ConsentWay.PHONE: N_("Read out on the phone"),
    ConsentWay.PAPER: N_("On paper"),
    ConsentWay.LINK: N_("By a link"),
}
INTENTION_LABELS = {
    NextIntention.YES: N_("Wants to buy this brand next time"),
    NextIntention.NO: N_("Does not want to buy it next time"),
    NextIntention.UNDECIDED: N_("Undecided"),
}
ANSWER_LABELS = {
    AnswerState.OPEN: N_("To come"),
    AnswerState.ASKED: N_("Asked"),
    AnswerState.SKIPPED: N_("Skipped"),
}
BY_KIND: dict[type[StrEnum], Mapping[Any, str]] = {
    InterviewMode: MODE_LABELS,
    InterviewState: STATE_LABELS,
    ConsentItem: ITEM_LABELS,
    ConsentWay: WAY_LABELS,
    NextIntention: INTENTION_LABELS,
    AnswerState: ANSWER_LABELS,
    CandidateState: CANDIDATE_LABELS,
}


def interview_label(value: StrEnum) -> str:
    """Return the msgid of any choice of the interview pages, a candidate's state included."""
    return BY_KIND[type(value)][value]
