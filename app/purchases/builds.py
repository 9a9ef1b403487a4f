"""The build that figures are counted from: which one is in use, and what is said while one of its files is not there."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import Session

from app.core.errors import NotFound
from app.core.i18n import N_
from app.purchases.figures import list_file
from app.purchases.models import PurchaseSettings

if TYPE_CHECKING:
    from app.purchases.store import OrdersStore


class NotCounted(NotFound):
    """A file of the build is not there: an earlier version of the program made it, or newer figures took its place."""

    def __init__(self) -> None:
        """Say when it will be there."""
        super().__init__("not_counted", N_("These figures are counted with the next import or change of the date."))


@dataclass(frozen=True)
class Build:
    """One build of a home; all that is counted from it stays true."""

    store: "OrdersStore"
    version: str

    @property
    def as_of(self) -> date:
        """The day its figures are computed for."""
        with self.store.open_list(self.version) as connection:
            return list_file.read_as_of(connection)

    @property
    def observed_until(self) -> date:
        """The last day of which orders can be known: who "had the time" goes by it."""
        with self.store.open_list(self.version) as connection:
            return list_file.read_observed_until(connection)


def peopled(session: Session, store: "OrdersStore") -> Build | None:
    """Return the build in use, None while there are no orders or nobody knows whose they are.

    Raises:
        NotCounted: as for `build_of`.
    """
    build = build_of(session, store)
    if build is None:
        return None
    with store.open_list(build.version) as connection:
        return build if list_file.read_overview(connection).customers else None


def version_in_use(session: Session) -> str:
    """Return the build that pages read; empty while there are no orders."""
    row = session.get(PurchaseSettings, 1)
    return row.summary_version if row else ""


def version_before(session: Session) -> str:
    """Return the build that was in use before that one; empty where there was none."""
    row = session.get(PurchaseSettings, 1)
    return row.summary_version_before if row else ""


def build_of(session: Session, store: "OrdersStore") -> Build | None:
    """Return the build in use, None while there are no orders.

    Raises:
        NotCounted: it has no file of orders.
    """
    version = version_in_use(session)
    if not version:
        return None
    if not store.orders_path(version).exists():
        raise NotCounted
    return Build(store, version)
