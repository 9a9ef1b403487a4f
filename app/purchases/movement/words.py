"""What the places that people move between are called on the screens. Pure."""

from datetime import date

from app.core.i18n import N_, Translator
from app.purchases.classes import CLASS_LABELS, TYPE_LABELS
from app.purchases.movement.schemas import BUYING, GONE, MERGED, NONE, OTHER, SPLIT, WAS_STOPPED

PLACES: dict[str, str] = {
    **{key.value: label for key, label in CLASS_LABELS.items()},
    **{key.value: label for key, label in TYPE_LABELS.items()},
    NONE: N_("Not a customer yet"),
    SPLIT: N_("Was part of another customer"),
    GONE: N_("No longer a customer"),
    MERGED: N_("Merged into another customer"),
    WAS_STOPPED: N_("lapsed or churned"),
    BUYING: N_("new, active or loyal"),
}


def place_label(place: str) -> str:
    """Return the msgid of a place."""
    return PLACES[place]


def in_words(before: str, after: str, days: tuple[date, date] | None, t: Translator) -> str:
    """Return an arrow as people read it: from where to where, between which days (None: with the last change of the data)."""
    when = t(N_("{old} to {new}"), old=t.date(days[0]), new=t.date(days[1])) if days else t(N_("with the last change"))
    was, now = (t(PLACES[place]) if place in PLACES else "" for place in (before, after))
    if was and now:
        return t(N_("{was} → {now} ({when})"), was=was, now=now, when=when)
    if now:
        became = N_("became {now} ({when})") if before == OTHER else N_("{now} at the end ({when})")
        return t(became, now=now, when=when)
    if was:
        left = N_("no longer {was} ({when})") if after == OTHER else N_("{was} at the start ({when})")
        return t(left, was=was, when=when)
    return when
