"""Scores from a build's order lines: what was valid on the day, and the reference shops as they are imported."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.core.database import read_session
from app.core.settings import Settings
from app.purchases.builds import version_in_use
from app.purchases.returning import orders_file
from app.purchases.returning.backtest import Backtest, NotMeasured, Obstacle
from app.purchases.returning.repeat_fit import RepeatFit, fit, histories
from app.purchases.returning.repeat_models import Model
from app.purchases.returning.scores import Method, score
from app.purchases.returning.state import day_number, state
from tests.purchases.build import Shop, reference, row, text_of
from tests.purchases.returning import shops

START = date(2024, 1, 1)


def lines(shop: Shop) -> Path:
    with read_session(shop.parts.engine) as session:
        return shop.store.lines_path(version_in_use(session))


def read(shop: Shop, until: date) -> dict[tuple[str, str], list[tuple[date, float]]]:
    with shop.store.duckdb() as backend:
        known = orders_file.read(backend, lines(shop), until)
    names = {one["customer"]: (one["source"], one["customer_id"]) for one in known.customers.to_pylist()}
    found: dict[tuple[str, str], list[tuple[date, float]]] = {name: [] for name in names.values()}
    arrays = (known.orders.customer, known.orders.day, known.orders.amount)
    for customer, day, amount in zip(*(array.tolist() for array in arrays), strict=True):
        found[names[customer]].append((date(1970, 1, 1) + timedelta(days=day), amount))
    return found


def measured(shop: Shop, cutoff: date, days: int) -> Backtest | NotMeasured:
    with shop.store.duckdb() as backend:
        return orders_file.backtest(backend, lines(shop), cutoff, days)


def test_orders_count_as_they_stood_on_the_day(shop: Shop) -> None:
    shop.take(
        text_of(
            row(order="1", day="2026-01-01", price=1000),
            row(order="2", day="2026-01-01", price=3000),
            row(order="3", day="2026-01-05", price=500, status="キャンセル"),
            row(order="4", customer="", day="2026-01-05"),
            row(order="5", customer="c2", day="2026-01-06", price=2000, code="B"),
            row(order="5", customer="c2", day="2026-01-09", price=2000, code="B", quantity=-1, status="返品"),
            row(order="6", customer="c3", day="2026-01-20"),
        )
    )
    first = date(2026, 1, 1)
    assert read(shop, date(2026, 1, 8)) == {
        ("shop", "c1"): [(first, 0.5), (first, 1.5)],
        ("shop", "c2"): [(date(2026, 1, 6), 1.0)],
    }
    assert read(shop, date(2026, 1, 10)) == {("shop", "c1"): [(first, 0.5), (first, 1.5)]}
    assert set(read(shop, date(2026, 1, 31))) == {("shop", "c1"), ("shop", "c3")}


def test_amounts_of_two_currencies_are_in_mean_orders_of_their_source(shop: Shop) -> None:
    shop.take(text_of(row(order="1", price=1000), row(order="2", customer="c2", price=3000)))
    shop.take(text_of(row(order="9", price=5)), source="abroad", options={"currency": "EUR"})
    found = read(shop, date(2026, 1, 31))
    assert {name: [amount for _, amount in orders] for name, orders in found.items()} == {
        ("abroad", "c1"): [1.0], ("shop", "c1"): [0.5], ("shop", "c2"): [1.5],
    }  # fmt: skip


def as_rows(orders: Iterable[tuple[int, int, float]]) -> list[tuple[str, ...]]:
    return [
        row(
            order=f"o{number}",
            customer=f"c{customer:04}",
            day=(START + timedelta(days=day)).isoformat(),
            price=round(amount) + 1,
        )
        for number, (customer, day, amount) in enumerate(orders)
    ]


def test_an_import_of_later_days_changes_no_score(shop: Shop) -> None:
    cutoff, days = START + timedelta(days=310), 90
    rows = as_rows(sorted(shops.made(8).orders, key=lambda order: order[1]))
    past = [one for one in rows if date.fromisoformat(one[2]) <= cutoff]

    def scored() -> tuple[list[tuple[str, str]], list[float], Method]:
        with shop.store.duckdb() as backend:
            known = orders_file.read(backend, lines(shop), cutoff)
        found = score(known.orders, day_number(cutoff), days)
        names = [(one["source"], one["customer_id"]) for one in known.customers.to_pylist()]
        return names, found.probability.tolist(), found.method

    shop.take(text_of(*past))
    before = scored()
    assert before[2] is Method.LOGISTIC
    assert measured(shop, cutoff, days) == NotMeasured(cutoff, days, Obstacle.WINDOW_NOT_OVER, max_day(past))
    late = (START + timedelta(days=405)).isoformat()
    returns = [(*one[:2], late, *one[3:5], "-1", one[6], "返品") for one in past[::7]]
    new = [row(order="n1", customer="a-new-one", day=late, code="Z", name="新商品", price=10**8)]
    shop.take(text_of(*rows[len(past) :], *returns, *new))
    assert scored() == before
    found = measured(shop, cutoff, days)
    assert isinstance(found, Backtest)
    names, chances, _ = before
    assert found.people == len(names)
    assert sum(band.n * (band.predicted or 0) for band in found.bands) == pytest.approx(sum(chances))
    wanted = {one[1] for one in rows[len(past) :] if date.fromisoformat(one[2]) <= cutoff + timedelta(days=days)}
    assert found.came_back == len(wanted & {name for _, name in names})


def max_day(rows: list[tuple[str, ...]]) -> date:
    return max(date.fromisoformat(one[2]) for one in rows)


def of_reference(shop: Shop, path: Path | None, currency: str, cutoff: date, days: int) -> Backtest:
    if path is None:
        pytest.skip("N1_REFERENCE_DATA is not set: the full file is not here")
    shop.take(path.read_bytes(), options={"currency": currency})
    found = measured(shop, cutoff, days)
    assert isinstance(found, Backtest)
    assert found.method is Method.LOGISTIC
    return found


def test_cdnow_as_imported_reaches_its_figures(shop: Shop, settings: Settings) -> None:
    path = reference(settings, "cdnow", "cdnow_master.csv")
    found = of_reference(shop, path, "USD", date(1997, 12, 31), 90)
    assert found.people == 23_570
    measures = (found.auc_all, found.auc_repeat, found.p50, found.ret50)
    assert all((one or 0) >= least for one, least in zip(measures, (0.80, 0.74, 0.95, 0.94), strict=True)), measures
    for band in found.bands:
        assert band.predicted == pytest.approx(band.actual, abs=0.06)


def test_online_retail_as_imported_reaches_its_figures_and_shows_no_dropout(shop: Shop, settings: Settings) -> None:
    path = reference(settings, "online_retail", "online_retail.csv.gz")
    found = of_reference(shop, path, "GBP", date(2011, 8, 31), 100)
    measures = (found.auc_all, found.auc_repeat)
    assert all((one or 0) >= 0.73 for one in measures), measures
    with shop.store.duckdb() as backend:
        known = orders_file.read(backend, lines(shop), date(2011, 8, 31))
    seen = histories(state(known.orders, day_number(date(2011, 8, 31))))
    for model in Model:
        fitted = fit(model, seen)
        assert isinstance(fitted, RepeatFit)
        assert not fitted.dropout_found, model
