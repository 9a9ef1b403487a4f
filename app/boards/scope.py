"""Who may read which quote: consents are read at every use, never copied."""

from collections.abc import Sequence

from app.accounts.schemas import Actor, Role
from app.boards.schemas import LeftOut, Scope, View
from app.interviews.models import ConsentItem
from app.tagging.schemas import Quote


def view_of(actor: Actor) -> View:
    """Return the planner view for planners, the researcher view for everybody else."""
    return View.PLANNER if actor.role is Role.PLANNER else View.RESEARCHER


def readable(granted: frozenset[ConsentItem], view: View) -> bool:
    """Whether quotes of an interview with these consents may be shown in this view."""
    needed = ConsentItem.PLANNING_USE if view is View.PLANNER else ConsentItem.INTERNAL_SHARING
    return ConsentItem.PARTICIPATION in granted and needed in granted


def scope_of(granted: frozenset[ConsentItem]) -> Scope:
    """Return how far quotes of an interview with these consents may go."""
    if ConsentItem.ADVERTISING in granted:
        return Scope.ADVERTISING
    return Scope.PLANNING if ConsentItem.PLANNING_USE in granted else Scope.INTERNAL


def left_out(hidden: Sequence[Quote]) -> LeftOut:
    """Count what the scope keeps away: sentences, not tags, and the people who said them."""
    return LeftOut(
        quotes=len({quote.sentence_id for quote in hidden}), people=len({quote.person_id for quote in hidden})
    )
