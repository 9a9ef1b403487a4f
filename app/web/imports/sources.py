"""The shop a file comes from: one of those known, or a new one with its name. Works without JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.i18n import N_
from app.web.forms import FieldError

NEW = "/new"  # no source can be called so: their names hold no slashes
MISSING = FieldError(N_("Please fill this in."), {})
UNUSABLE = FieldError(N_("The source needs a name of 1 to 64 characters without slashes."), {})
BOTH = FieldError(N_("A known shop is chosen above. Choose the new one there, or clear this name."), {})


@dataclass(frozen=True)
class SourceChoice:
    """What the field shows: the known sources, the one chosen ('' none yet, NEW a new one), the name of a new one."""

    known: tuple[str, ...]
    chosen: str
    new_name: str

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return the known sources as choices of a select."""
        return [(name, name) for name in self.known]


def source_choice(known: tuple[str, ...], typed: Mapping[str, str]) -> SourceChoice:
    """Return the field for what was typed, or for the one source there is."""
    chosen, new_name = typed.get("source", ""), typed.get("new_source", "")
    if chosen and chosen != NEW and chosen not in known:
        return SourceChoice(known, NEW, chosen)
    if not chosen and not new_name and len(known) == 1:
        chosen = known[0]
    return SourceChoice(known, chosen, new_name)


def named_source(fields: Mapping[str, str]) -> str:
    """Return the name of the source that was chosen or typed; '' where there is none."""
    chosen = fields.get("source", "")
    return fields.get("new_source", "") if chosen in {"", NEW} else chosen


def source_errors(fields: Mapping[str, str], known: Sequence[str], fault: FieldError | None) -> dict[str, FieldError]:
    """Return what is wrong with the source by field; `fault` is what its name itself was refused for."""
    chosen, new_name = fields.get("source", ""), fields.get("new_source", "").strip()
    if chosen in known and new_name:
        return {"new_source": BOTH}
    if fault is None:
        return {}
    place = "new_source" if known and (chosen == NEW or new_name) else "source"
    return {place: UNUSABLE if named_source(fields).strip() else MISSING}
