"""Subscription survival by the shifted-beta-geometric model: at each renewal a subscriber stops with a chance of their own.

Fader and Hardie, How to Project Customer Retention (Journal of Interactive Marketing 2007): the chance is beta(alpha, beta)
among subscribers, so S(t) = B(alpha, beta + t) / B(alpha, beta).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln

from app.purchases.returning.likelihood import at_bound, likeliest
from app.purchases.returning.state import Floats, Ints


@dataclass(frozen=True)
class Renewals:
    """Subscribers by renewal; place t of both arrays is about the t-th renewal, place 0 about the start.

    `ended[t]` stopped at the t-th renewal (nobody does at 0); `running[t]` went through t of them and still run.
    """

    ended: Ints
    running: Ints


class NoSurvival(StrEnum):
    """Why no curve was fitted: nobody stopped yet, or nobody has been renewed."""

    NOBODY_STOPPED = "nobody_stopped"
    NOBODY_RENEWED = "nobody_renewed"


@dataclass(frozen=True)
class SurvivalFit:
    """The likeliest curve. `at_bound`: all subscribers stop with about the same chance, only alpha / (alpha + beta) counts."""

    alpha: float
    beta: float
    log_likelihood: float
    subscribers: int
    at_bound: bool

    def survival(self, renewals: ArrayLike) -> Floats:
        """Return the share who go on after so many renewals."""
        t = np.asarray(renewals, dtype=np.float64)
        share: Floats = np.exp(_log_survival(self.alpha, self.beta, t))
        return share

    def retention(self, renewal: ArrayLike) -> Floats:
        """Return the share of those up for the t-th renewal who go on: (beta + t - 1) / (alpha + beta + t - 1)."""
        t = np.asarray(renewal, dtype=np.float64)
        share: Floats = (self.beta + t - 1) / (self.alpha + self.beta + t - 1)
        return share


def from_survivors(survivors: Sequence[int]) -> Renewals:
    """Return renewals of one cohort from how many were left: at the start, after the first renewal, and so on."""
    left = np.asarray(survivors, dtype=np.int64)
    running = np.zeros_like(left)
    running[-1] = left[-1]
    return Renewals(np.concatenate(([0], left[:-1] - left[1:])), running)


def from_deliveries(deliveries: ArrayLike, ended: ArrayLike) -> Renewals:
    """Return renewals from each subscriber's count of deliveries (1 at least) and whether they stopped after it.

    Who stopped after n deliveries stopped at the n-th renewal; who runs with n of them has been renewed n - 1 times, and
    what they do next is not known yet.
    """
    count = np.asarray(deliveries, dtype=np.int64)
    stopped = np.asarray(ended, dtype=np.bool_)
    if len(count) and count.min() < 1:
        raise ValueError("a subscription has one delivery at least")
    size = int(count.max(initial=0)) + 1
    return Renewals(
        np.bincount(count[stopped], minlength=size), np.bincount(count[~stopped] - 1, minlength=size)
    )  # fmt: skip


def observed(seen: Renewals) -> Floats:
    """Return the share who went on after 0, 1, 2 … renewals, each by those who were up for it (Kaplan and Meier 1958)."""
    up = (seen.ended + seen.running)[::-1].cumsum()[::-1]
    share: Floats = np.cumprod(1 - seen.ended / np.maximum(up, 1))
    return share


def fit(seen: Renewals) -> SurvivalFit | NoSurvival:
    """Return the curve under which these renewals are likeliest."""
    subscribers = int(seen.ended.sum() + seen.running.sum())
    t = np.arange(len(seen.ended), dtype=np.float64)
    if not seen.ended.sum():
        return NoSurvival.NOBODY_STOPPED
    if not seen.running[1:].sum() and not seen.ended[2:].sum():
        return NoSurvival.NOBODY_RENEWED

    def mean(at: Floats) -> float:
        return _log_likelihood(float(at[0]), float(at[1]), seen, t) / subscribers

    starts = [np.array(start) for start in ((1.0, 1.0), (0.5, 4.0), (5.0, 5.0))]
    found, value = likeliest(mean, starts, np.ones(2))
    alpha, beta = found.tolist()
    return SurvivalFit(alpha, beta, value * subscribers, subscribers, at_bound(found, np.ones(2)))


def _log_survival(alpha: float, beta: float, t: Floats) -> Floats:
    share: Floats = betaln(alpha, beta + t) - betaln(alpha, beta)
    return share


def _log_likelihood(alpha: float, beta: float, seen: Renewals, t: Floats) -> float:
    stop = betaln(alpha + 1, beta + t[1:] - 1) - betaln(alpha, beta)
    return float(np.sum(seen.ended[1:] * stop) + np.sum(seen.running * _log_survival(alpha, beta, t)))
