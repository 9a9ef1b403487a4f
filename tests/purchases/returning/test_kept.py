"""What is kept beside a build: the same as from its order lines, and gone with it."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from app.core.database import read_session, write_session
from app.purchases import operations
from app.purchases import queries as purchases
from app.purchases.builds import version_in_use
from app.purchases.returning import kept, orders_file, queries, tasks
from app.purchases.returning.kept import Kept, Second
from app.purchases.returning.scores import Method, Reason, score
from app.purchases.returning.state import day_number, orders, state
from app.purchases.tasks import run_rebuild
from tests.purchases.build import Shop, row, text_of
from tests.purchases.returning import shops
from tests.support.homes import Homes

START = date(2024, 1, 1)
AS_OF = START + timedelta(days=400)


def order_rows(seed: int, customers: int) -> list[tuple[str, ...]]:
    made = shops.made(seed, customers=customers).orders
    rows = [
        row(order=f"o{n}", customer=f"c{who:04}", day=str(START + timedelta(days=day)), price=round(amount))
        for n, (who, day, amount) in enumerate(made)
    ]
    return [*rows, row(order="last", customer="c0000", day=str(AS_OF))]


@pytest.fixture
def counted(shop: Shop, homes: Homes) -> Shop:
    homes.fill(shop.parts.settings, take_and_count)
    return shop


def take_and_count(shop: Shop) -> None:
    shop.take(text_of(*order_rows(9, 3000)))
    tasks.run_returns(shop.parts)


def version_of(shop: Shop) -> str:
    with read_session(shop.parts.engine) as session:
        return version_in_use(session)


def left(shop: Shop) -> list[str]:
    return sorted(path.name for path in shop.store.orders_dir.glob("returns-*"))


def test_the_file_of_orders_gives_what_the_lines_give(shop: Shop) -> None:
    shop.take(text_of(*order_rows(4, 300)))
    returned = [row(order="r1", customer="c0001", day="2025-01-05", price=500, quantity=-1, status="返品")]
    shop.take(text_of(*returned, row(order="x", customer="b", day="2024-03-01", price=0)), source="other")
    with shop.store.duckdb() as backend:
        lines = orders_file.read(backend, shop.store.lines_path(version_of(shop)), AS_OF)
    found = kept.read_orders(shop.store.orders_path(version_of(shop)))
    assert found.customers.select(["source", "customer_id", "customer"]).to_pylist() == [
        {name: one[name] for name in ("source", "customer_id", "customer")} for one in lines.customers.to_pylist()
    ]
    assert np.array_equal(found.orders.customer, lines.orders.customer)
    assert np.array_equal(found.orders.day, lines.orders.day)
    assert np.allclose(found.orders.amount, lines.orders.amount)


def test_everybody_has_the_score_of_the_day(counted: Shop) -> None:
    path = counted.store.returns_path(version_of(counted))
    known = kept.read_orders(counted.store.orders_path(version_of(counted)))
    scores = score(known.orders, day_number(AS_OF), 90)
    table = pq.read_table(path)
    assert table["p_return"].to_pylist() == scores.probability.tolist()
    assert table["customer_id"].to_pylist() == known.customers["customer_id"].to_pylist()
    found = kept.read(path)
    assert (found.as_of, found.days, found.method, found.reason) == (AS_OF, 90, Method.LOGISTIC, None)
    edges = [0, 0.1, 0.25, 0.5, 0.75, 1.01]
    assert found.bands == tuple(np.histogram(scores.probability, edges)[0])
    assert sum(found.bands) == found.people == len(table)
    with read_session(counted.parts.engine) as session:
        past = queries.backtest_on(session, counted.store, cutoff=AS_OF - timedelta(days=90), days=90)
    assert found.past == past
    assert found.second.state in {Second.FITTED, Second.AT_BOUND}
    assert found.second.auc_all is not None
    assert 0.5 < found.second.auc_all < 1
    assert all(0 <= one <= 1 for one in table["p_second"].to_pylist())


def test_one_customer_is_looked_up(counted: Shop) -> None:
    people = counted.people()
    table = pq.read_table(counted.store.returns_path(version_of(counted))).to_pylist()
    with read_session(counted.parts.engine) as session:
        for one in table[:: len(table) // 7]:
            found = queries.explanation_of(session, counted.store, summary=people[one["customer_id"]])
            assert found is not None
            assert (found.p_return, found.usual_days, found.alike_people) == (
                one["p_return"], one["usual_days"], one["alike_people"],
            )  # fmt: skip


def test_a_young_shop_has_rhythms_and_no_chances(shop: Shop) -> None:
    rows = [row(order="1", day="2026-01-01"), row(order="2", day="2026-01-11"), row(order="3", customer="c2")]
    shop.take(text_of(*rows))
    tasks.run_returns(shop.parts)
    with read_session(shop.parts.engine) as session:
        found = queries.kept_of(session, shop.store)
        told = queries.explanation_of(session, shop.store, summary=shop.people()["c1"])
    assert isinstance(found, Kept)
    assert (found.method, found.reason, found.bands, found.past) == (Method.NONE, Reason.HISTORY_TOO_SHORT, (), None)
    assert told is not None
    assert (told.p_return, told.usual_days, told.alike_people) == (None, 10.0, None)


def test_nobody_known_leaves_an_empty_file(shop: Shop) -> None:
    shop.take(text_of(row(customer="")))
    tasks.run_returns(shop.parts)
    with read_session(shop.parts.engine) as session:
        found = queries.kept_of(session, shop.store)
    assert found is None or (found.people, found.method) == (0, Method.NONE)


def test_a_day_set_beyond_the_newest_order_is_measured_to_that_order(shop: Shop) -> None:
    shop.take(text_of(*order_rows(9, 3000)))
    with write_session(shop.parts.engine) as session:
        operations.purchase_settings(session).as_of_override = AS_OF + timedelta(days=30)
    run_rebuild(shop.parts)
    tasks.run_returns(shop.parts)
    found = kept.read(shop.store.returns_path(version_of(shop)))
    assert (found.as_of, found.known_until) == (AS_OF + timedelta(days=30), AS_OF)
    assert found.past is not None
    assert found.past.cutoff == AS_OF - timedelta(days=90)
    known = kept.read_orders(shop.store.orders_path(version_of(shop)))
    scores = score(known.orders, day_number(AS_OF), 90)
    assert found.training == scores.training
    assert scores.training[0].cutoff == day_number(AS_OF - timedelta(days=90))
    table = pq.read_table(shop.store.returns_path(version_of(shop)))
    assert table["p_return"].to_pylist() == scores.probability.tolist()
    with read_session(shop.parts.engine) as session:
        counts = purchases.count_elapsed(session, shop.store)
        overview = purchases.overview(session, shop.store)
    assert counts is not None
    assert overview is not None
    assert (counts.cutoff, overview.observed_until) == (AS_OF - timedelta(days=90), AS_OF)


def test_orders_are_known_until_a_day_set_before_the_newest_order(shop: Shop) -> None:
    shop.take(text_of(row(day="2026-01-01"), row(order="2", customer="c2", day="2026-03-01")))
    with write_session(shop.parts.engine) as session:
        operations.purchase_settings(session).as_of_override = date(2026, 2, 1)
    run_rebuild(shop.parts)
    with read_session(shop.parts.engine) as session:
        overview = purchases.overview(session, shop.store)
    assert overview is not None
    assert (overview.as_of, overview.observed_until, overview.last_order_on) == (
        date(2026, 2, 1), date(2026, 2, 1), date(2026, 1, 1),
    )  # fmt: skip


def test_the_second_opinion_is_asked_of_a_part_and_about_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    known = orders(*zip(*shops.made(5, customers=2500).orders, strict=True))
    whole = kept.second_opinion(state(known, 400), 90)
    monkeypatch.setattr(kept, "FITTED_ON", 500)
    part = kept.second_opinion(state(known, 400), 90)
    assert whole[1] is not None
    assert part[1] is not None
    assert len(part[1]) == len(whole[1])
    assert np.abs(part[1] - whole[1]).mean() < 0.05


def test_files_go_with_their_build(counted: Shop) -> None:
    first = version_of(counted)
    second = counted.take(text_of(row(order="n", customer="n", day=str(AS_OF))))
    assert left(counted) == [f"returns-{first}.parquet"]  # of the build before, until the next one
    tasks.run_returns(counted.parts)
    counted.undo(second)
    tasks.run_returns(counted.parts)
    assert f"returns-{first}.parquet" not in left(counted)
    assert f"returns-{version_of(counted)}.parquet" in left(counted)
    assert not tasks._waiting(counted.parts)


def test_a_killed_run_leaves_nothing_behind(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.purchases.tasks import tidy

    shop.take(text_of(row(), row(order="2", day="2026-02-01")))

    def killed(_one: Path, _other: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            tasks.run_returns(shop.parts)
    assert left(shop) == [f"returns-{version_of(shop)}.part"]
    tidy(shop.parts)
    assert left(shop) == []
    with read_session(shop.parts.engine) as session:
        assert tasks.unfinished_jobs(session, shop.store) == [(tasks.JOB, "")]
    tasks.run_returns(shop.parts)
    assert left(shop) == [f"returns-{version_of(shop)}.parquet"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_build_that_takes_over_meanwhile_is_left_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:  # fmt: skip
    shop.take(text_of(row(), row(order="2", day="2026-02-01")))
    plain: Callable[..., kept.Past] = kept.look_back

    def overtaken(*given: object) -> kept.Past:
        for n in range(times):
            shop.take(text_of(row(order=f"n{n}", day="2026-03-01")))
        return plain(*given)

    monkeypatch.setattr(kept, "look_back", overtaken)
    tasks.run_returns(shop.parts)
    assert left(shop) == []


def test_every_build_is_followed_by_counting(shop: Shop) -> None:
    from app.main import BUILDS, make_job_queue

    queue = make_job_queue(shop.parts)
    for name in BUILDS:
        queue.huey.flush()
        assert name in queue._jobs
        queue._jobs[name] = lambda _public_id: None
        queue._run(name, "")
        task = queue.huey.dequeue()
        assert task is not None
        assert task.args == (tasks.JOB, "")
    queue._run(tasks.JOB, "")
    assert queue.huey.dequeue() is None
