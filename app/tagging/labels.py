"""Words for what a person has decided about a tag."""

from app.core.i18n import N_
from app.tagging.models import TagState

STATE_LABELS: dict[TagState, str] = {
    TagState.PROPOSED: N_("Provisional"),
    TagState.ACCEPTED: N_("Checked"),
    TagState.CHANGED: N_("Changed"),
    TagState.REJECTED: N_("Taken off"),
}


def tag_state_label(state: TagState) -> str:
    """Return the msgid of a tag's state."""
    return STATE_LABELS[state]
