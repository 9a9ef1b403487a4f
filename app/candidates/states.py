"""The way of a candidate from proposed to held: which step may follow which, and what it is called."""

from app.candidates.models import CandidateState
from app.core.i18n import N_

STEPS = (
    CandidateState.PROPOSED,
    CandidateState.INVITED,
    CandidateState.AGREED,
    CandidateState.SCHEDULED,
    CandidateState.HELD,
)

MOVES: dict[CandidateState, tuple[CandidateState, ...]] = {
    CandidateState.PROPOSED: (CandidateState.INVITED, CandidateState.AGREED, CandidateState.DECLINED),
    CandidateState.INVITED: (CandidateState.AGREED, CandidateState.SCHEDULED, CandidateState.DECLINED),
    CandidateState.AGREED: (CandidateState.SCHEDULED, CandidateState.HELD, CandidateState.DECLINED),
    CandidateState.SCHEDULED: (
        CandidateState.HELD,
        CandidateState.NO_SHOW,
        CandidateState.DECLINED,
        CandidateState.SCHEDULED,
    ),
    CandidateState.NO_SHOW: (CandidateState.INVITED, CandidateState.SCHEDULED, CandidateState.DECLINED),
    CandidateState.DECLINED: (CandidateState.PROPOSED,),
    CandidateState.HELD: (),
}

STATE_LABELS = {
    CandidateState.PROPOSED: N_("Proposed"),
    CandidateState.INVITED: N_("Invited"),
    CandidateState.AGREED: N_("Agreed"),
    CandidateState.SCHEDULED: N_("Scheduled"),
    CandidateState.HELD: N_("Held"),
    CandidateState.DECLINED: N_("Passed over"),
    CandidateState.NO_SHOW: N_("Did not come"),
}

MOVE_LABELS = {
    CandidateState.PROPOSED: N_("Propose again"),
    CandidateState.INVITED: N_("Mark as invited"),
    CandidateState.AGREED: N_("Mark as agreed"),
    CandidateState.SCHEDULED: N_("Set a date"),
    CandidateState.HELD: N_("Mark as held"),
    CandidateState.DECLINED: N_("Pass over this time"),
    CandidateState.NO_SHOW: N_("Did not come"),
}

RUNNING = frozenset({CandidateState.PROPOSED, CandidateState.INVITED, CandidateState.AGREED, CandidateState.SCHEDULED})
FILLS_QUOTA = RUNNING | {CandidateState.HELD}
AGREED_OR_LATER = frozenset({CandidateState.AGREED, CandidateState.SCHEDULED, CandidateState.HELD})
READY_FOR_INTERVIEW = frozenset({CandidateState.AGREED, CandidateState.SCHEDULED})


def may_move(now: CandidateState, then: CandidateState) -> bool:
    """Tell whether a candidate in one state may go to another."""
    return then in MOVES[now]
