"""Fits the repeat-purchase models, tells where they found nobody dropping out, and says who is alive and comes back.

A second opinion beside `scores`: BG/NBD's P(alive) is 1 for every one-time buyer, so it is never a rule of lapsing.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.purchases.returning.likelihood import at_bound, likeliest
from app.purchases.returning.repeat_models import PARTS, Histories, Model, Parameters, log_likelihood, no_dropout
from app.purchases.returning.state import Floats, State

STARTS = ((1.0, 3.0), (0.3, 0.5), (3.0, 30.0))
DAY_BITS = 20
DAY_MASK = (1 << DAY_BITS) - 1
GAIN = 3.0
"""Two more numbers must raise the log-likelihood by 3 (chi-squared of two degrees, 5 %), or nobody was seen to drop out."""


class Unfit(StrEnum):
    """Why there is no model."""

    NO_REPEATS = "no_repeats"
    NOT_SETTLED = "not_settled"


@dataclass(frozen=True)
class NoFit:
    """A model that could not be fitted."""

    model: Model
    reason: Unfit


@dataclass(frozen=True)
class RepeatFit:
    """Maximum likelihood. The last two numbers are (a, b), of Pareto/NBD (s, beta); `alpha` and `beta` are times.

    `at_bound`: a number ran to the end of what is tried, so it says only which way it goes. Where `dropout_found` is
    false, two numbers (`r_only`, `alpha_only`: everybody is alive for ever) tell the orders as well, and predictions use
    those.
    """

    model: Model
    parameters: Parameters
    log_likelihood: float
    r_only: float
    alpha_only: float
    log_likelihood_only: float
    people: int
    at_bound: bool

    @property
    def dropout_found(self) -> bool:
        """Whether the orders show that people drop out at all."""
        return self.log_likelihood - self.log_likelihood_only > GAIN


def histories(then: State, days: float = 7.0) -> Histories:
    """Return the histories of a state, equal ones once, in units of so many days."""
    packed, people = np.unique((then.x << 2 * DAY_BITS) | (then.span << DAY_BITS) | then.age, return_counts=True)
    span, age = (packed >> DAY_BITS) & DAY_MASK, packed & DAY_MASK
    return Histories(packed >> 2 * DAY_BITS, span / days, age / days, people.astype(np.float64))


def each(then: State, days: float = 7.0) -> Histories:
    """Return the history of each customer of a state, in its sequence: what to ask `alive` and `returning` about."""
    return Histories(then.x, then.span / days, then.age / days, np.ones(len(then)))


def fit(model: Model, seen: Histories) -> RepeatFit | NoFit:
    """Return the numbers under which these histories are likeliest."""
    if not np.any(seen.x * seen.people):
        return NoFit(model, Unfit.NO_REPEATS)
    people = float(seen.people.sum())
    unit = float(np.average(seen.age, weights=seen.people))

    def alone(at: Floats) -> float:
        return float(np.sum(seen.people * no_dropout(at[0], at[1], seen))) / people

    def whole(at: Floats) -> float:
        return log_likelihood(model, (at[0], at[1], at[2], at[3]), seen) / people

    units = np.array([1.0, unit, 1.0, unit if model is Model.PARETO_NBD else 1.0])
    only, value_only = likeliest(alone, [np.ones(2)], units[:2])
    known = only / units[:2]
    found, value = likeliest(whole, [np.append(known, start) for start in STARTS], units)
    if not np.isfinite(value) or not np.isfinite(value_only):
        return NoFit(model, Unfit.NOT_SETTLED)
    r, alpha, third, fourth = found.tolist()
    return RepeatFit(
        model=model,
        parameters=(r, alpha, third, fourth),
        log_likelihood=value * people,
        r_only=float(only[0]),
        alpha_only=float(only[1]),
        log_likelihood_only=value_only * people,
        people=int(people),
        at_bound=at_bound(found, units),
    )


def alive(fitted: RepeatFit, seen: Histories) -> Floats:
    """Return P(alive) of each history; 1 for everybody where nobody was seen to drop out.

    It is the part of the likelihood in which the customer has not dropped out: equation 7 of Fader, Hardie, Lee, An
    Alternative Specification of the BG/NBD P(alive) (2008), and its like for the other models.
    """
    if not fitted.dropout_found:
        return np.ones(len(seen.x))
    here, gone = PARTS[fitted.model](fitted.parameters, seen)
    chance: Floats = np.exp(here - np.logaddexp(here, gone))
    return chance


def returning(fitted: RepeatFit, seen: Histories, horizon: float) -> Floats:
    """Return P(another purchase within `horizon`): P(alive) × (1 - ((α+T) / (α+T+H))^(r+x)).

    The rate of somebody alive is gamma(r + x, α + T). Exact for BG/NBD and MBG/NBD, where nobody drops out before the
    next purchase; a little too high for Pareto/NBD. `horizon` is in the unit of the histories.
    """
    r, alpha = fitted.parameters[:2] if fitted.dropout_found else (fitted.r_only, fitted.alpha_only)
    silent = (r + seen.x) * (np.log(alpha + seen.age) - np.log(alpha + seen.age + horizon))
    chance: Floats = -alive(fitted, seen) * np.expm1(silent)
    return chance
