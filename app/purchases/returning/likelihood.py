"""Maximum likelihood of a few positive numbers, within bounds: where the data do not tell a number, it stops there."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

from app.purchases.returning.state import Floats

LEAST, MOST = 1e-4, 1e4
MARGIN = 2


def likeliest(value: Callable[[Floats], float], starts: list[Floats], units: Floats) -> tuple[Floats, float]:
    """Return where a function is greatest, and its value there.

    Numbers are tried between 1/10,000 and 10,000 of their unit, from the first start (in units) and, while the best found
    lies at a bound, from the others. The function should be a mean over people: its size says nothing about when to stop.
    """
    limits = (np.log(LEAST), np.log(MOST))
    best, most = units, -np.inf
    for start in starts:
        at = np.clip(np.log(start), *limits)
        found = minimize(
            lambda logs: -value(np.exp(logs) * units),
            at,
            method="L-BFGS-B",
            jac="3-point",
            bounds=[limits] * len(units),
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
        )
        if -found.fun > most:
            best, most = np.exp(found.x) * units, float(-found.fun)
        if np.isfinite(most) and not at_bound(best, units):
            break
    return best, most


def at_bound(numbers: Floats, units: Floats) -> bool:
    """Return whether a number ran to the end of what is tried."""
    relative = numbers / units
    return bool(np.any((relative < LEAST * MARGIN) | (relative > MOST / MARGIN)))
