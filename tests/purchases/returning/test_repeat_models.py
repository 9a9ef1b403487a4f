"""BG/NBD, MBG/NBD and Pareto/NBD: likelihoods against plain Python, fits against invented customers and the papers."""

import math
import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.settings import Settings
from app.purchases.returning import repeat_fit
from app.purchases.returning.repeat_fit import NoFit, RepeatFit, Unfit, fit, histories
from app.purchases.returning.repeat_models import PARTS, Histories, Model
from app.purchases.returning.state import Orders, day_number, orders, state
from tests.purchases.build import reference
from tests.purchases.returning import oracle, shops

PUBLISHED = {
    Model.BG_NBD: ((0.2426, 4.4136, 0.7929, 2.4259), -9582.43),
    Model.MBG_NBD: ((0.5248, 6.1831, 0.8914, 1.6140), -9582.14),
    Model.PARETO_NBD: ((0.5533, 10.5777, 0.6062, 11.6687), -9594.98),
}
PLAIN = {Model.BG_NBD: oracle.bg_nbd, Model.MBG_NBD: oracle.mbg_nbd, Model.PARETO_NBD: oracle.pareto_nbd}
HISTORIES = st.tuples(st.integers(0, 60), st.floats(0.1, 38), st.floats(0.2, 20)).map(
    lambda drawn: (drawn[0], drawn[1] if drawn[0] else 0.0, (drawn[1] if drawn[0] else 0.0) + drawn[2])
)
PARAMETERS = st.tuples(st.floats(0.1, 3), st.floats(1, 30), st.floats(0.3, 3), st.floats(0.5, 15))


def seen(*rows: oracle.History) -> Histories:
    x, t_x, age = zip(*rows, strict=True)
    return Histories(np.array(x, dtype=np.int64), np.array(t_x), np.array(age), np.ones(len(rows)))


def fitted(model: Model, numbers: tuple[float, float, float, float]) -> RepeatFit:
    return RepeatFit(model, numbers, 0.0, 1.0, 1.0, -100.0, 1, at_bound=False)


@pytest.mark.parametrize("model", Model)
@settings(max_examples=40, deadline=None)
@given(row=HISTORIES, numbers=PARAMETERS)
def test_likelihoods_are_those_of_plain_python(
    model: Model, row: oracle.History, numbers: tuple[float, float, float, float]
) -> None:
    alive, gone = PLAIN[model](numbers, row)
    found = [float(part[0]) for part in PARTS[model](numbers, seen(row))]
    assert found[0] == pytest.approx(math.log(alive), abs=1e-7)
    assert np.logaddexp(found[0], found[1]) == pytest.approx(math.log(alive + gone), abs=1e-7)
    chance = float(repeat_fit.alive(fitted(model, numbers), seen(row))[0])
    assert chance == pytest.approx(alive / (alive + gone), abs=1e-7)


@pytest.mark.parametrize("model", Model)
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(HISTORIES, min_size=1, max_size=20), numbers=PARAMETERS, horizon=st.floats(0.1, 500))
def test_chances_are_chances_and_grow_with_the_horizon(
    model: Model, rows: list[oracle.History], numbers: tuple[float, float, float, float], horizon: float
) -> None:
    model_of = fitted(model, numbers)
    alive = repeat_fit.alive(model_of, seen(*rows))
    soon, late = (repeat_fit.returning(model_of, seen(*rows), days) for days in (horizon, 2 * horizon))
    assert (alive >= 0).all()
    assert (alive <= 1).all()
    assert (soon >= 0).all()
    assert (late >= soon).all()
    assert (late <= alive + 1e-12).all()


@pytest.mark.parametrize("model", Model)
@settings(deadline=None)
@given(numbers=PARAMETERS)
def test_the_longer_a_one_time_buyer_is_away_the_less_is_expected(
    model: Model, numbers: tuple[float, float, float, float]
) -> None:
    chances = repeat_fit.returning(fitted(model, numbers), seen(*((0, 0.0, float(age)) for age in range(1, 60))), 13)
    assert (np.diff(chances) <= 1e-12).all()


def test_heavy_buyers_who_went_silent_long_ago_are_gone_in_every_model() -> None:
    silent = seen((200, 5.0, 128.0))
    for model, (numbers, _) in PUBLISHED.items():
        alive, gone = (float(part[0]) for part in PARTS[model](numbers, silent))
        assert math.isfinite(gone)
        assert alive < gone - 100
        assert repeat_fit.alive(fitted(model, numbers), silent)[0] < 1e-40


def test_bg_nbd_takes_every_one_time_buyer_for_alive() -> None:
    assert repeat_fit.alive(fitted(Model.BG_NBD, PUBLISHED[Model.BG_NBD][0]), seen((0, 0.0, 39.0))).tolist() == [1.0]


def test_a_fit_finds_the_numbers_that_invented_customers_were_made_by() -> None:
    dice, numbers, weeks = random.Random(11), (0.8, 6.0, 0.9, 2.0), 78
    made = [shops.history(dice, (numbers[0], numbers[1] * 7, *numbers[2:]), weeks * 7) for _ in range(20_000)]
    sample = seen(*((x, last / 7, float(weeks)) for x, last, _ in made))
    model = fit(Model.MBG_NBD, sample)
    assert isinstance(model, RepeatFit)
    assert (model.dropout_found, model.at_bound, model.people) == (True, False, 20_000)
    np.testing.assert_allclose(model.parameters, numbers, rtol=0.15)
    chance = repeat_fit.alive(model, sample)
    alive = np.array([here for _, _, here in made])
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        band = (chance >= low) & (chance <= low + 0.2)
        assert alive[band].mean() == pytest.approx(chance[band].mean(), abs=0.03)


@pytest.mark.parametrize("model", Model)
def test_where_nobody_drops_out_that_is_said_and_all_are_alive(model: Model) -> None:
    dice = random.Random(5)
    rows = []
    for _ in range(1500):
        pace, time, bought = dice.gammavariate(0.7, 1 / 9.5), 0.0, []
        while (time := time + dice.expovariate(max(pace, 1e-9))) <= 39:
            bought.append(time)
        rows.append((len(bought), bought[-1] if bought else 0.0, 39.0))
    found = fit(model, seen(*rows))
    assert isinstance(found, RepeatFit)
    assert not found.dropout_found
    assert repeat_fit.alive(found, seen(*rows)).tolist() == [1.0] * len(rows)
    again = repeat_fit.returning(found, seen((3, 30.0, 39.0)), 13)
    r, alpha = found.r_only, found.alpha_only
    assert again[0] == pytest.approx(1 - ((alpha + 39) / (alpha + 52)) ** (r + 3))


def test_customers_who_all_bought_once_have_no_model() -> None:
    assert fit(Model.MBG_NBD, seen((0, 0.0, 10.0), (0, 0.0, 20.0))) == NoFit(Model.MBG_NBD, Unfit.NO_REPEATS)


def test_equal_histories_are_counted_and_not_repeated() -> None:
    known = orders([1, 1, 2, 2, 3, 4], [0, 7, 0, 7, 2, 2], [1.0] * 6)
    found = histories(state(known, 16))
    rows = zip(found.x.tolist(), found.t_x.tolist(), found.age.tolist(), found.people.tolist(), strict=True)
    assert list(rows) == [(0, 0.0, 2.0, 2.0), (1, 1.0, 16 / 7, 2.0)]


def test_customers_of_one_history_have_one_chance() -> None:
    rows = shops.made(12, customers=600).orders
    then = state(orders(*zip(*rows, strict=True)), 400)
    model, one_by_one = fitted(Model.MBG_NBD, PUBLISHED[Model.MBG_NBD][0]), repeat_fit.each(then)
    chances = repeat_fit.returning(model, one_by_one, 90 / 7)
    assert len(chances) == len(then)
    grouped = histories(then)
    shared = repeat_fit.returning(model, grouped, 90 / 7)
    known = dict(zip(zip(grouped.x, grouped.t_x, grouped.age, strict=True), shared, strict=True))
    mine = zip(one_by_one.x, one_by_one.t_x, one_by_one.age, strict=True)
    assert chances.tolist() == [known[history] for history in mine]
    assert grouped.people.sum() == len(then)


def cdnow_sample(settings: Settings) -> Orders:
    path = reference(settings, "cdnow", "CDNOW_sample.txt")
    if path is None:
        pytest.skip("N1_REFERENCE_DATA is not set: the CDNOW sample is not here")
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    days = [day_number(date.fromisoformat(row[2])) for row in rows]
    return orders([int(row[1]) for row in rows], days, [float(row[4]) for row in rows])


@pytest.mark.parametrize("model", Model)
def test_the_papers_tables_on_the_cdnow_sample(model: Model, settings: Settings) -> None:
    then = state(cdnow_sample(settings), day_number(date(1997, 9, 30)))
    assert len(then) == 2357
    found = fit(model, histories(then))
    assert isinstance(found, RepeatFit)
    numbers, likelihood = PUBLISHED[model]
    assert [round(number, 4) for number in found.parameters] == list(numbers)
    assert found.log_likelihood == pytest.approx(likelihood, abs=0.005)
    assert found.dropout_found
