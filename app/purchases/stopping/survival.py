"""How long subscriptions last: the observed share after each delivery, and the curve fitted to it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.purchases.returning import survival as sbg
from app.purchases.stopping.schemas import Caution, Curve, Step, Survival

AHEAD = 12
FARTHEST = 60
FEW_PEOPLE, FEW_ENDED = 100, 30
POOR = 0.05
ENOUGH = 30


@dataclass(frozen=True)
class Subscription:
    """One subscription; it ended after its last delivery, or it runs."""

    product: str
    deliveries: int
    late: bool
    state: str
    first_on: date


def survival(product: str, subscriptions: Sequence[Subscription]) -> Survival:
    """Return how long these subscriptions last; those whose first deliveries nobody saw are left out."""
    seen = [one for one in subscriptions if not one.late]
    ended = [one.state != "running" for one in seen]
    renewals = sbg.from_deliveries([one.deliveries for one in seen], ended) if seen else None
    fitted = sbg.fit(renewals) if renewals is not None else sbg.NoSurvival.NOBODY_STOPPED
    fit = None if isinstance(fitted, sbg.NoSurvival) else fitted
    steps = () if renewals is None else _steps(renewals, fit)
    return Survival(
        product=product,
        subscriptions=len(seen),
        ended=sum(ended),
        silent=sum(one.state == "silent" for one in seen),
        late=len(subscriptions) - len(seen),
        first_on=min((one.first_on for one in seen), default=None),
        last_on=max((one.first_on for one in seen), default=None),
        steps=steps,
        curve=_curve(fit, len(steps)) if fit else None,
        cautions=_cautions(seen, sum(ended), steps, fit),
    )


def _steps(seen: sbg.Renewals, fit: sbg.SurvivalFit | None) -> tuple[Step, ...]:
    up = (seen.ended + seen.running)[::-1].cumsum()[::-1].tolist()
    still, ended = sbg.observed(seen).tolist(), seen.ended.tolist()
    expected = fit.survival(range(len(up))).tolist() if fit else [None] * len(up)
    return tuple(Step(n, up[n], ended[n], still[n], expected[n]) for n in range(1, len(up)) if up[n])


def _curve(fit: sbg.SurvivalFit, steps: int) -> Curve:
    ahead = fit.survival(range(1, min(max(AHEAD, steps), FARTHEST) + 1))
    return Curve(fit.alpha, fit.beta, fit.log_likelihood, tuple(ahead.tolist()))


def _cautions(
    seen: Sequence[Subscription], ended: int, steps: Sequence[Step], fit: sbg.SurvivalFit | None
) -> tuple[Caution, ...]:  # fmt: skip
    off = [abs(step.still - step.expected) for step in steps if step.expected is not None and step.had >= ENOUGH]
    months = {(one.first_on.year, one.first_on.month) for one in seen}
    found = {
        Caution.FEW: len(seen) < FEW_PEOPLE or ended < FEW_ENDED,
        Caution.ONE_COHORT: len(months) == 1,
        Caution.POOR_FIT: max(off, default=0.0) > POOR,
        Caution.SAME_CHANCE: fit is not None and fit.at_bound,
        Caution.FAR: fit is not None and sum(step.had >= ENOUGH for step in steps) < AHEAD,
    }
    return tuple(caution for caution, holds in found.items() if holds)
