"""How far the work on an import is: its phases, rows a second, seconds left."""

from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import N_
from app.purchases.import_queries import Counted
from app.purchases.import_schemas import ImportDetail
from app.purchases.models import ImportState

COUNTING = "counting"
PHASES = {
    "reading": N_("Reading"),
    "checking": N_("Checking"),
    COUNTING: N_("Counting"),
    "listing": N_("Making the lists"),
}
PHASES_OF: dict[ImportState, tuple[str, ...]] = {
    ImportState.CHECKING: ("reading", "checking"),
    ImportState.IMPORTING: ("checking", "counting", "listing"),
    ImportState.UNDOING: ("counting", "listing"),
}
ENOUGH = 0.5  # seconds before a speed says anything


@dataclass(frozen=True)
class PhaseStep:
    """One phase of the work: past, current or to come."""

    label: str
    place: str


@dataclass(frozen=True)
class Progress:
    """What the page says while work is under way; None where it is not known yet.

    `about` is the total as it can be guessed while the file is still being read: three digits of it. `number` says which
    of the `steps` it is at. `counted` says what a phase that reports no rows goes through, where that is known.
    """

    steps: tuple[PhaseStep, ...]
    number: int
    waits: bool
    ahead: int
    label: str
    done: int
    total: int
    about: int
    percent: int | None
    rows_per_second: int | None
    seconds_left: int | None
    seconds: int
    stopping: bool
    counted: Counted | None = None


def progress_of(
    detail: ImportDetail, *, now: datetime, ahead: int, stopping: bool, counted: Counted | None = None
) -> Progress:
    """Return the progress of a busy import; `ahead` counts the other imports at work."""
    phases = PHASES_OF.get(detail.row.state, ())
    if detail.phase and detail.phase not in phases:
        phases = tuple(PHASES)
    at = phases.index(detail.phase) if detail.phase in phases else -1
    steps = [PhaseStep(PHASES[name], _place(number, at)) for number, name in enumerate(phases)]
    since = detail.phase_started_at
    seconds = max((now - since).total_seconds(), 0.0) if since else 0.0
    done, total = detail.progress_done, detail.progress_total
    known = bool(total) and detail.phase != ""
    speed = done / seconds if known and done and seconds >= ENOUGH else None
    return Progress(
        steps=tuple(steps),
        number=at + 1,
        waits=detail.phase == "",
        ahead=ahead,
        label=PHASES.get(detail.phase, N_("Waiting")),
        done=done,
        total=total,
        about=round(total, min(3 - len(str(total)), 0)),
        percent=min(100, done * 100 // total) if known else None,
        rows_per_second=round(speed) if speed else None,
        seconds_left=-(-max(total - done, 0) // max(round(speed), 1)) if speed else None,
        seconds=int(seconds),
        stopping=stopping,
        counted=counted if detail.phase == COUNTING else None,
    )


def _place(number: int, at: int) -> str:
    if number == at:
        return "cur"
    return "past" if number < at else "next"
