"""The field of rules behind the numbers of who comes back: people by their chance of another order."""

from typing import TYPE_CHECKING

from app.core import sql
from app.core.i18n import N_
from app.purchases.builds import NotCounted
from app.purchases.segments.fields import AMONG, Field, Test, add_field, add_relation, any_of, spans
from app.purchases.segments.values import Span, Value
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WHOLE = 100


def make_returns(connection: "DuckDBPyConnection", store: OrdersStore, version: str) -> None:
    """Make the view `returns` of a build.

    Raises:
        NotCounted: nobody has counted yet who comes back.
    """
    path = store.returns_path(version)
    if not path.exists():
        raise NotCounted
    connection.execute(f"CREATE TEMP VIEW returns AS SELECT * FROM {sql.parquet(path)}")


def with_chance(values: tuple[Value, ...]) -> Test:
    """Return whether the chance in percent lies from–to; below the second number, so that bands do not overlap."""
    one = any_of([_between(span) for span in spans(values)])
    return Test(AMONG.format(those=f"returns WHERE {one.sql}"), one.values)


def _between(span: Span) -> Test:
    tests, given = ["p_return IS NOT NULL"], []
    if span.low is not None:
        tests.append("p_return >= CAST(? AS DOUBLE) / 100")
        given.append(span.low)
    if span.high is not None and span.high != WHOLE:
        tests.append(f"p_return {'<=' if span.low == span.high else '<'} CAST(? AS DOUBLE) / 100")
        given.append(span.high)
    return Test(" AND ".join(tests), tuple(given))


add_relation("returns", make_returns)
add_field(
    Field(
        "p_return", N_("Chance of ordering again within 90 days"), "number",
        N_("chance of ordering again within 90 days: {value}"), with_chance, "{n}%", needs="returns", most=WHOLE,
    )
)  # fmt: skip
