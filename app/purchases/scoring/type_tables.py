"""The ten cells: purchase type × still buying or stopped; and the layers that purchase data can see. DuckDB."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.i18n import N_
from app.purchases.classes import STOPPED, CustomerClass, PurchaseType
from app.purchases.schemas import Group
from app.purchases.scoring.schemas import Asked, Layer, Returned, TypeCell

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LAYERS: Mapping[str, tuple[CustomerClass, ...]] = {
    "often": (CustomerClass.LOYAL,),
    "sometimes": (CustomerClass.ACTIVE, CustomerClass.NEW),
    "before": (CustomerClass.LAPSED, CustomerClass.CHURNED),
}
LAYER_LABELS = {
    "often": N_("Buys often"),
    "sometimes": N_("Buys now and then"),
    "before": N_("Bought before"),
    "aware": N_("Only knows the brand"),
    "unaware": N_("Does not know it"),
}
NOW = """SELECT purchase_type, customer_class IN ({stopped}), currency, count(*), sum(amount) FROM people
    GROUP BY ALL ORDER BY currency"""
THEN = "SELECT purchase_type, stopped, count(*), count(*) FILTER (WHERE came_back) FROM stood GROUP BY ALL"


def ten_cells(connection: "DuckDBPyConnection", *, measured: bool) -> tuple[TypeCell, ...]:
    """Return the ten cells, all of them, types in their order and those still buying first."""
    people: dict[tuple[str, bool], int] = defaultdict(int)
    amount: dict[tuple[str, bool], dict[str, Decimal]] = defaultdict(dict)
    stopped = ", ".join(f"'{kind.value}'" for kind in STOPPED)
    for kind, gone, currency, count, total in connection.execute(NOW.format(stopped=stopped)).fetchall():
        people[kind, gone] += count
        amount[kind, gone][currency] = total
    rows = connection.execute(THEN).fetchall() if measured else []
    then = {(kind, gone): Returned(base, back) for kind, gone, base, back in rows}
    return tuple(
        TypeCell(
            kind.value, gone, people[kind.value, gone], amount[kind.value, gone],
            then.get((kind.value, gone), Returned()),
        )
        for kind in PurchaseType
        for gone in (False, True)
    )  # fmt: skip


def layers(classes: Iterable[Group], said: Mapping[str, Asked]) -> tuple[Layer, ...]:
    """Return the layers of people who bought, the best first, with what they said in surveys."""
    by_key = {group.key: group for group in classes}
    found = []
    for key, members in LAYERS.items():
        groups = [by_key[member.value] for member in members]
        amount: dict[str, Decimal] = defaultdict(Decimal)
        for group in groups:
            for currency, value in group.amount.items():
                amount[currency] += value
        asked = sum((said.get(member.value, Asked()) for member in members), Asked())
        names = tuple(member.value for member in members)
        found.append(Layer(key, names, sum(group.people for group in groups), dict(amount), asked))
    return tuple(found)
