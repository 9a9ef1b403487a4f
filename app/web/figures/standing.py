"""Why a page of figures has nothing to show yet."""

from typing import Literal

from sqlmodel import Session

from app.purchases.builds import version_in_use

Standing = Literal["none", "nobody", "waiting", "there"]
"""There are no orders, nobody knows whose they are, their figures are not counted yet, or they are there."""


def without_people(session: Session) -> Literal["none", "nobody"]:
    """Return why there are no figures of people: no orders, or none of which anybody knows the customer."""
    return "nobody" if version_in_use(session) else "none"
