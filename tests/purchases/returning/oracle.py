"""States, scores and likelihoods once more, in plain Python; nothing of the product is used here."""

import math
from collections import defaultdict
from collections.abc import Sequence

Order = tuple[int, int, float]  # customer, day, amount
History = tuple[int, float, float]  # repeat purchases, time of the last, time seen


def states(orders: Sequence[Order], cutoff: int) -> dict[int, dict[str, float]]:
    mine: dict[int, list[Order]] = defaultdict(list)
    for order in orders:
        if order[1] <= cutoff:
            mine[order[0]].append(order)
    found = {}
    for customer, his in mine.items():
        days = sorted({day for _, day, _ in his})
        found[customer] = {
            "n": len(his),
            "x": len(days) - 1,
            "first": days[0],
            "last": days[-1],
            "amount": math.fsum(amount for _, _, amount in his),
            "span": days[-1] - days[0],
            "age": cutoff - days[0],
            "recency": cutoff - days[-1],
            "interval": (days[-1] - days[0]) / (len(days) - 1) if len(days) > 1 else math.nan,
        }
    return found


def returners(orders: Sequence[Order], cutoff: int, days: int) -> set[int]:
    return {customer for customer, day, _ in orders if cutoff < day <= cutoff + days}


def features(one: dict[str, float], mean_order: float) -> list[float]:
    pace = one["interval"] if one["x"] else one["age"]
    return [
        math.log(1 + one["recency"]),
        math.log(1 + one["x"]),
        math.log(1 + one["age"]),
        math.log(1 + one["span"]),
        math.log((1 + one["recency"]) / (1 + pace)),
        math.log(1 + max(one["amount"], 0) / mean_order),
    ]


def logistic_scores(orders: Sequence[Order], cutoff: int, days: int, training: Sequence[int]) -> dict[int, float]:
    """Return P(return) by a ridge regression (penalty 1) that is climbed to its top one weight at a time."""
    known = [order for order in orders if order[1] <= cutoff]
    unit = math.fsum(max(amount, 0) for _, _, amount in known) / len(known)
    rows, outcome = [], []
    for day in training:
        again = returners(known, day, days)
        for customer, one in states(known, day).items():
            rows.append(features(one, unit))
            outcome.append(customer in again)
    width = len(rows[0])
    mean = [math.fsum(row[i] for row in rows) / len(rows) for i in range(width)]
    spread = [math.sqrt(math.fsum((row[i] - mean[i]) ** 2 for row in rows) / len(rows)) or 1.0 for i in range(width)]

    def placed(row: list[float]) -> list[float]:
        return [1.0, *((row[i] - mean[i]) / spread[i] for i in range(width))]

    weights = climbed([placed(row) for row in rows], outcome)
    return {customer: chance(placed(features(one, unit)), weights) for customer, one in states(known, cutoff).items()}


def climbed(rows: list[list[float]], outcome: list[bool]) -> list[float]:
    weights = [0.0] * len(rows[0])
    linear = [0.0] * len(rows)
    for _ in range(3000):
        most = 0.0
        for i in range(len(weights)):
            penalty = 1.0 if i else 0.0
            slope = curve = 0.0
            for row, value, target in zip(rows, linear, outcome, strict=True):
                expected = 1 / (1 + math.exp(-value))
                slope += row[i] * (target - expected)
                curve += row[i] ** 2 * expected * (1 - expected)
            step = (slope - penalty * weights[i]) / (curve + penalty)
            weights[i] += step
            linear = [value + step * row[i] for value, row in zip(linear, rows, strict=True)]
            most = max(most, abs(step))
        if most < 1e-9:
            return weights
    raise AssertionError("the regression of plain Python does not settle")


def chance(row: list[float], weights: list[float]) -> float:
    return 1 / (1 + math.exp(-math.fsum(a * b for a, b in zip(row, weights, strict=True))))


def auc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    ones = [score for score, is_one in zip(scores, positive, strict=True) if is_one]
    zeros = [score for score, is_one in zip(scores, positive, strict=True) if not is_one]
    won = sum(1.0 if one > zero else 0.5 if one == zero else 0.0 for one in ones for zero in zeros)
    return won / (len(ones) * len(zeros))


def bg_nbd(parameters: Sequence[float], history: History) -> tuple[float, float]:
    """Return the two parts of the likelihood in the paper's form A1 · A2 · (A3 + A4)."""
    r, alpha, a, b = parameters
    x, t_x, age = history
    a1 = math.exp(math.lgamma(r + x) - math.lgamma(r)) * alpha**r
    a2 = math.exp(math.lgamma(a + b) + math.lgamma(b + x) - math.lgamma(b) - math.lgamma(a + b + x))
    a3 = (1 / (alpha + age)) ** (r + x)
    a4 = a / (b + x - 1) * (1 / (alpha + t_x)) ** (r + x) if x else 0.0
    return a1 * a2 * a3, a1 * a2 * a4


def mbg_nbd(parameters: Sequence[float], history: History) -> tuple[float, float]:
    """Return the two parts, step by step: of those left at each purchase b of a + b stay, and one more counts for it."""
    r, alpha, a, b = parameters
    x, t_x, age = history
    rate = alpha**r * math.prod(r + i for i in range(x))
    kept = math.prod((b + i) / (a + b + i) for i in range(x))
    stays, goes = kept * (b + x) / (a + b + x), kept * a / (a + b + x)
    return rate * stays * (alpha + age) ** -(r + x), rate * goes * (alpha + t_x) ** -(r + x)


def pareto_nbd(parameters: Sequence[float], history: History) -> tuple[float, float]:
    """Return the two parts with Gauss's hypergeometric series, as the paper writes them."""
    r, alpha, s, beta_ = parameters
    x, t_x, age = history
    big = max(alpha, beta_)
    second = s + 1 if alpha >= beta_ else r + x

    def term(at: float) -> float:
        series = gauss(r + s + x, second, r + s + x + 1, abs(alpha - beta_) / (big + at))
        return series / math.pow(big + at, r + s + x)

    front = math.exp(math.lgamma(r + x) - math.lgamma(r)) * alpha**r * beta_**s
    alive = front / ((alpha + age) ** (r + x) * (beta_ + age) ** s)
    return alive, front * s / (r + s + x) * (term(t_x) - term(age))


def gauss(a: float, b: float, c: float, z: float) -> float:
    total = term = 1.0
    for n in range(100_000):
        term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z
        total += term
        if abs(term) < 1e-17 * abs(total):
            return total
    raise AssertionError("the series does not end")


def shifted_beta_geometric(alpha: float, beta_: float, years: int) -> list[float]:
    """Return the share who are left after 0, 1, 2 … renewals, by the recursion of the paper's appendix."""
    left, leaves = [1.0], alpha / (alpha + beta_)
    for t in range(1, years + 1):
        if t > 1:
            leaves *= (beta_ + t - 2) / (alpha + beta_ + t - 1)
        left.append(left[-1] - leaves)
    return left
