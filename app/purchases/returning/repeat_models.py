"""Likelihoods of the repeat-purchase models: how often, how lately and for how long somebody bought, given four numbers.

All take `x` repeat purchases, the last of them `t_x` after the first purchase, seen for `age` (T), and return logarithms.
While alive a customer buys at a rate that is gamma(r, alpha) among customers; the models differ in how they drop out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from app.purchases.returning.state import Floats, Ints

NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
NEGLIGIBLE = 40.0  # e^-40


class Model(StrEnum):
    """Who drops out when."""

    BG_NBD = "bg_nbd"
    MBG_NBD = "mbg_nbd"
    PARETO_NBD = "pareto_nbd"


@dataclass(frozen=True)
class Histories:
    """Purchase histories in one unit of time, one element for each; `people` have the same one."""

    x: Ints
    t_x: Floats
    age: Floats
    people: Floats


Parameters = tuple[float, float, float, float]
Parts = tuple[Floats, Floats]


def no_dropout(r: float, alpha: float, seen: Histories) -> Floats:
    """Return the log-likelihood where nobody drops out: the NBD of Ehrenberg (1959), with the times of purchases."""
    return _rate(r, alpha, seen) - (r + seen.x) * np.log(alpha + seen.age)


def bg_nbd(parameters: Parameters, seen: Histories) -> Parts:
    """Return log-likelihoods of being alive and of having dropped out by BG/NBD: after each repeat purchase.

    Fader, Hardie, Lee, "Counting Your Customers" the Easy Way (Marketing Science 2005), equation 6; the share who drop
    out is beta(a, b). A customer without a repeat purchase cannot have dropped out.
    """
    r, alpha, a, b = parameters
    counts = _counts(seen)
    stays = betaln(a, b + counts) - betaln(a, b)
    leaves = np.append(-np.inf, betaln(a + 1, b + counts[1:] - 1) - betaln(a, b))
    return no_dropout(r, alpha, seen) + stays[seen.x], _until_last(r, alpha, seen) + leaves[seen.x]


def mbg_nbd(parameters: Parameters, seen: Histories) -> Parts:
    """Return the same by MBG/NBD: customers may also drop out right after the first purchase.

    Batislam, Denizel, Filiztekin, Empirical validation and comparison of models for customer base analysis
    (International Journal of Research in Marketing 2007), equation 7.
    """
    r, alpha, a, b = parameters
    counts = _counts(seen)
    stays = betaln(a, b + counts + 1) - betaln(a, b)
    leaves = betaln(a + 1, b + counts) - betaln(a, b)
    return no_dropout(r, alpha, seen) + stays[seen.x], _until_last(r, alpha, seen) + leaves[seen.x]


def pareto_nbd(parameters: Parameters, seen: Histories) -> Parts:
    """Return the same by Pareto/NBD: customers drop out at any time, at a rate that is gamma(s, beta) among them.

    Schmittlein, Morrison, Colombo (Management Science 1987); as in Fader and Hardie, A Note on Deriving the Pareto/NBD
    Model (2005), but their integral over the time of dropping out, s ∫ (α+u)^-(r+x) (β+u)^-(s+1) du from t_x to T, is
    taken by Gauss-Legendre nodes instead of a hypergeometric function, which takes minutes far from usual parameters.
    """
    r, alpha, s, beta = parameters
    alive = no_dropout(r, alpha, seen) + s * (np.log(beta) - np.log(beta + seen.age))
    nearest = min(alpha, beta)  # on the scale of log(nearest + u) the integrand is smooth
    until = np.minimum(seen.age, _faded(alpha, r + seen.x, seen.t_x))
    until = np.minimum(until, _faded(beta, s + 1, seen.t_x))
    low, high = np.log(nearest + seen.t_x), np.log(nearest + until)
    half = (high - low) / 2
    peak = (r + seen.x) * np.log(alpha + seen.t_x) + (s + 1) * np.log(beta + seen.t_x)
    total = np.zeros(len(seen.x))
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        shifted = np.exp(low + half * (1 + node))
        later = shifted - nearest
        fall = peak - (r + seen.x) * np.log(alpha + later) - (s + 1) * np.log(beta + later)
        total += weight * np.exp(fall) * shifted
    rate = _rate(r, alpha, seen) + np.log(s) + s * np.log(beta)
    with np.errstate(divide="ignore"):  # the logarithm of nothing: whoever bought on the last day
        return alive, rate - peak + np.log(half * total)


def _faded(start: float, power: NDArray[np.floating] | float, since: Floats) -> Floats:
    """Return the time from which (start + u)^-power is e^-40 of what it was: the integral is over."""
    later: Floats = (start + since) * np.exp(np.minimum(NEGLIGIBLE / power, 500)) - start
    return later


def _until_last(r: float, alpha: float, seen: Histories) -> Floats:
    return _rate(r, alpha, seen) - (r + seen.x) * np.log(alpha + seen.t_x)


def _rate(r: float, alpha: float, seen: Histories) -> Floats:
    by_count: Floats = gammaln(r + _counts(seen)) - gammaln(r) + r * np.log(alpha)
    return by_count[seen.x]


def _counts(seen: Histories) -> Floats:
    """Return every count up to the highest: the dear functions are computed for these and looked up."""
    return np.arange(seen.x.max(initial=0) + 1, dtype=np.float64)


PARTS: dict[Model, Callable[[Parameters, Histories], Parts]] = {
    Model.BG_NBD: bg_nbd,
    Model.MBG_NBD: mbg_nbd,
    Model.PARETO_NBD: pareto_nbd,
}


def log_likelihood(model: Model, parameters: Parameters, seen: Histories) -> float:
    """Return the log-likelihood of all people."""
    alive, gone = PARTS[model](parameters, seen)
    return float(np.sum(seen.people * np.logaddexp(alive, gone)))
