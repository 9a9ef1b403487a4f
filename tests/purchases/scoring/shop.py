"""A small random shop of two sources as order files, and its orders as plain tuples. Uses nothing of the product."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

from tests.purchases.build import row, text_of

AS_OF = date(2026, 3, 17)
CUTOFF = AS_OF - timedelta(days=90)


@dataclass(frozen=True)
class Bought:
    source: str
    customer: str
    order: str
    day: date
    amount: int
    back: bool = False
    """It came back without an order: the amount is below 0."""

    @property
    def who(self) -> tuple[str, str]:
        return (self.source, self.customer)


def random_orders(seed: int, people: int = 60) -> list[Bought]:
    random = Random(seed)
    found = [Bought("shop", "newest", "n", AS_OF, 1000), Bought("mall", "newest", "n", AS_OF, 1000)]
    for number in range(people):
        source = random.choice(("shop", "shop", "mall"))
        day = AS_OF - timedelta(days=random.randint(0, 700))
        for place in range(random.choice((1, 1, 1, 2, 2, 3, 5, 9))):
            found.append(
                Bought(source, f"c{number}", f"{number}-{place}", day, random.choice((500, 1000, 3000, 20_000)))
            )
            day += timedelta(days=random.choice((0, 5, 20, 40, 90, 200)))
            if day > AS_OF:
                break
        if random.random() < 0.3:
            came = min(day + timedelta(days=random.choice((3, 60, 200))), AS_OF)
            found.append(
                Bought(source, f"c{number}", f"{number}-back", came, -random.choice((400, 2500, 15_000)), back=True)
            )
    return found


def files(orders: Iterable[Bought]) -> dict[str, str]:
    """The order file of each source."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    for one in orders:
        known = partial(row, order=one.order, customer=one.customer, day=one.day.isoformat(), price=abs(one.amount))
        line = known(code="Z", name="返品", quantity=-1, status="返品") if one.back else known()
        rows.setdefault(one.source, []).append(line)
    return {source: text_of(*lines) for source, lines in rows.items()}
