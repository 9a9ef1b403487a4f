"""Ridge logistic regression by iteratively reweighted least squares, on what a purchase history says of a customer.

IRLS: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), 4.4.1, with the penalty of 3.4.1.
"""

from dataclasses import dataclass

import numpy as np

from app.purchases.returning.state import Bools, Floats, State

FEATURES = ("recency", "purchase_days", "age", "span", "recency_by_interval", "amount")
RIDGE = 1.0
STEPS = 50
PRECISION = 1e-8
LEAST_WEIGHT = 1e-9


def features(then: State, mean_order: float) -> Floats:
    """Return one row a customer, one column for each of `FEATURES`, all logarithms (one day is added to every count of days).

    `mean_order` is the amount that money is counted in, so that no currency matters. One-time buyers have no interval of
    their own: their age stands in.
    """
    interval = np.where(then.x > 0, then.interval, then.age)
    return np.column_stack(
        [
            np.log1p(then.recency),
            np.log1p(then.x),
            np.log1p(then.age),
            np.log1p(then.span),
            np.log1p(then.recency) - np.log1p(interval),
            np.log1p(np.maximum(then.amount, 0) / mean_order),
        ]
    )


@dataclass(frozen=True)
class Logistic:
    """A fitted regression: weights on standardised features, the constant first."""

    mean: Floats
    deviation: Floats
    weights: Floats

    def probability(self, rows: Floats) -> Floats:
        """Return the probability of each row of features."""
        return _logistic(_standardised(rows, self.mean, self.deviation) @ self.weights)


def fit(rows: Floats, outcome: Bools, ridge: float = RIDGE) -> Logistic | None:
    """Return the regression of the outcome on the rows, or None where it does not settle.

    `ridge` is the penalty on each squared weight of a standardised feature, as a multiple of one observation's; the
    constant has none.
    """
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    deviation[deviation == 0] = 1
    design = _standardised(rows, mean, deviation)
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 0
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        expected = _logistic(design @ weights)
        spread = np.maximum(expected * (1 - expected), LEAST_WEIGHT)
        slope = design.T @ (outcome - expected) - penalty * weights
        step = np.linalg.solve((design * spread[:, None]).T @ design + np.diag(penalty), slope)
        weights = weights + step
        if not np.isfinite(weights).all():
            return None
        if np.abs(step).max() < PRECISION:
            return Logistic(mean, deviation, weights)
    return None


def _standardised(rows: Floats, mean: Floats, deviation: Floats) -> Floats:
    return np.column_stack([np.ones(len(rows)), (rows - mean) / deviation])


def _logistic(value: Floats) -> Floats:
    bounded: Floats = np.clip(value, -500, 500)
    return 1 / (1 + np.exp(-bounded))
