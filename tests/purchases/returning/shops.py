"""Invented shops: people buy at a pace of their own and stop one day. The same seed gives the same shop."""

import random
from dataclasses import dataclass

from tests.purchases.returning.oracle import Order


@dataclass(frozen=True)
class Shop:
    orders: list[Order]
    alive: dict[int, bool]  # at the last day
    last_day: int


def made(seed: int, *, customers: int = 800, days: int = 400, mean_gap: float = 40.0) -> Shop:
    """Return a shop whose orders lie on days 1 … `days`; some days hold two orders of one person."""
    dice = random.Random(seed)
    orders: list[Order] = []
    alive = {}
    for customer in range(customers):
        pace = dice.gammavariate(0.8, 1 / (0.8 * mean_gap))
        leaves = dice.betavariate(0.8, 2.5)
        spends = dice.lognormvariate(8, 0.6)
        day = float(dice.randint(1, days * 3 // 4))
        here = True
        while here and day <= days:
            times = 2 if dice.random() < 0.05 else 1
            orders += [(customer, int(day), round(spends * dice.uniform(0.5, 1.5), 2)) for _ in range(times)]
            here = dice.random() >= leaves
            day += 1 + dice.expovariate(max(pace, 1e-6))
        alive[customer] = here
    return Shop(orders, alive, days)


def history(dice: random.Random, parameters: tuple[float, float, float, float], seen: int) -> tuple[int, int, bool]:
    """Return repeat purchases, day of the last and whether still alive of one customer by MBG/NBD, after `seen` days."""
    r, alpha, a, b = parameters
    pace, leaves = dice.gammavariate(r, 1 / alpha), dice.betavariate(a, b)
    time, last, count = 0.0, 0, 0
    while dice.random() >= leaves:
        time += dice.expovariate(max(pace, 1e-12))
        if time > seen:
            return count, last, True
        count, last = count + 1, int(time)
    return count, last, False
