"""Reads of stop points, survival and surplus: counted once for each build, since a build never changes."""

from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import Session

from app.purchases.builds import Build, NotCounted, peopled
from app.purchases.catalogue.seen import read_seen
from app.purchases.figures import list_file
from app.purchases.schemas import Overview
from app.purchases.stopping import lasting, points, subscriptions
from app.purchases.stopping import surplus as left
from app.purchases.stopping.schemas import NotSet, StopPoints, SurplusTable, SurvivalTable
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REMEMBERED = 4
MOST_NOT_SET = 5
ROWS = "SELECT product, deliveries, late, state, first_on FROM subscriptions"


def stop_points(session: Session, store: OrdersStore) -> StopPoints | None:
    """Return where people stopped; None while there are no orders of known customers.

    Raises:
        NotCounted: the build in use has no file of orders.
    """
    build = peopled(session, store)
    return None if build is None else _stop_points(build)


def survival(session: Session, store: OrdersStore) -> SurvivalTable | None:
    """Return how long subscriptions last; None while there are no orders of known customers.

    Raises:
        NotCounted: as for `stop_points`.
    """
    build = peopled(session, store)
    return None if build is None else _survival(build)


def surplus(session: Session, store: OrdersStore) -> SurplusTable | None:
    """Return how much of the products people have left; None while there are no orders of known customers.

    Raises:
        NotCounted: as for `stop_points`.
    """
    build = peopled(session, store)
    if build is None:
        return None
    table, not_set = _surplus(build), _not_set(session, build)
    return SurplusTable(table.as_of, table.rows, tuple(not_set[:MOST_NOT_SET]), len(not_set))


def _not_set(session: Session, build: Build) -> list[NotSet]:
    known = lasting.read(build.store.lasting_path(build.version))
    orders: Counter[tuple[str, str]] = Counter()
    for one in read_seen(session, build.store).products:
        if one.key not in known:
            orders[one.source, one.names[0] if one.names else one.product_code] += one.orders
    return [NotSet(source, product, times) for (source, product), times in orders.most_common()]


def _overview(build: Build) -> Overview:
    with build.store.open_list(build.version) as connection:
        return list_file.read_overview(connection)


@lru_cache(maxsize=REMEMBERED)
def _stop_points(build: Build) -> StopPoints:
    store, shop = build.store, _overview(build)
    files = (store.orders_path(build.version), store.summary_path(build.version), store.ends_path(build.version))
    with store.plain_duckdb() as connection:
        return points.count(connection, files, shop.as_of, shop.sources)


@lru_cache(maxsize=REMEMBERED)
def _survival(build: Build) -> SurvivalTable:
    from app.purchases.stopping.survival import Subscription
    from app.purchases.stopping.survival import survival as survival_of

    shop = _overview(build)
    with build.store.plain_duckdb() as connection:
        make_subscriptions(connection, build.store, build.version)
        rows = [Subscription(*row) for row in connection.execute(ROWS).fetchall()]
    by_product: dict[str, list[Subscription]] = defaultdict(list)
    for row in rows:
        by_product[row.product].append(row)
    found = [survival_of(product, some) for product, some in by_product.items()]
    found.sort(key=lambda one: (-one.subscriptions, one.product))
    together = (survival_of("", rows),) if len(found) > 1 else ()
    return SurvivalTable(shop.as_of, (*together, *found), shop.sources)


@lru_cache(maxsize=REMEMBERED)
def _surplus(build: Build) -> SurplusTable:
    with build.store.plain_duckdb() as connection:
        make_surplus(connection, build.store, build.version)
        return SurplusTable(_overview(build).as_of, left.count(connection), (), 0)


def make_subscriptions(connection: "DuckDBPyConnection", store: OrdersStore, version: str) -> None:
    """Make the temporary table `subscriptions` of a build.

    Raises:
        NotCounted: the build was made before it was kept which shop's number a subscription has.
    """
    import pyarrow.parquet as pq

    build, ends = Build(store, version), store.ends_path(version)
    if "shop" not in pq.read_schema(ends).names:
        raise NotCounted
    days = (build.as_of, build.observed_until)
    subscriptions.read(connection, store.lines_path(version), ends, days, _overview(build).sources)


def make_surplus(connection: "DuckDBPyConnection", store: OrdersStore, version: str) -> None:
    """Make the temporary table `surplus` of a build.

    Raises:
        NotCounted: the build was made before days of a piece were kept with it.
    """
    files = {
        "lines": store.lines_path(version), "lasting": store.lasting_path(version),
        "summary": store.summary_path(version), "ends": store.ends_path(version),
    }  # fmt: skip
    if not files["lasting"].exists():
        raise NotCounted
    left.make(connection, files, _overview(Build(store, version)).as_of)
