"""Other numbers behind classes and ranks, as somebody gives them by name: read, checked, and who would move with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.schemas import Actor
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases import queries as purchases
from app.purchases.scoring import operations, queries, thresholds
from app.purchases.scoring.schemas import Preview
from app.purchases.segments_file import Numbers, defaults, in_force
from app.purchases.store import OrdersStore

UNKNOWN = N_("There is no number called {name}.")
WRONG = N_("These numbers cannot be used: {names}.")


@dataclass(frozen=True)
class AskedNumbers:
    """The numbers asked for; `preview` only where they differ from those in force and there are orders."""

    numbers: Numbers
    currencies: tuple[str, ...]
    changed: bool
    preview: Preview | None


def ask_numbers(
    session: Session, store: OrdersStore, *, given: Mapping[str, str], usual: bool = False
) -> AskedNumbers:  # fmt: skip
    """Return the numbers in force, or (`usual`) those of the file, with these in their place.

    Raises:
        AppError: a name is unknown, or a number cannot be used.
        NotCounted: the build in use was made by an earlier version of the program.
    """
    current = in_force(session)
    numbers, currencies = _numbers(session, store, current, given, usual=usual)
    changed = numbers != current
    preview = queries.read_preview(session, store, numbers=numbers) if changed else None
    return AskedNumbers(numbers, currencies, changed, preview)


def keep_numbers(
    session: Session, store: OrdersStore, *, given: Mapping[str, str], usual: bool, actor: Actor, now: datetime
) -> bool:  # fmt: skip
    """Keep the numbers given, and of the others those in force at this moment: somebody may have set some meanwhile.

    Return whether the figures have to be built anew: enqueue `purchases.rebuild` after the commit.

    Raises:
        AppError: a name is unknown, or a number cannot be used.
    """
    numbers, _ = _numbers(session, store, operations.hold_numbers(session), given, usual=usual)
    return operations.set_numbers(session, numbers=numbers, actor=actor, now=now)


def _numbers(
    session: Session, store: OrdersStore, current: Numbers, given: Mapping[str, str], *, usual: bool
) -> tuple[Numbers, tuple[str, ...]]:
    currencies = queries.currencies(purchases.overview(session, store), current.cutoffs)
    base = defaults() if usual else current
    values = thresholds.typed(base, currencies)
    for name in given:
        if name not in values:
            raise AppError("unknown_number", UNKNOWN, name=name)
    try:
        return thresholds.read(values | dict(given), currencies, base), currencies
    except thresholds.BadNumbers as fault:
        raise AppError("bad_numbers", WRONG, names=", ".join(fault.faults)) from fault
