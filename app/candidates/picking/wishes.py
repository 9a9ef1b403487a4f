"""What quotas by attribute still miss, and who fills them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.purchases.other.attribute_words import Attribute
from app.studies.attribute_quotas import AttributeQuota

Attributes = Mapping[str, str]


@dataclass(slots=True)
class Wishes:
    """Open quotas, counted down as people are chosen, and what is known of everybody (customer reference → attributes)."""

    open: Counter[Attribute] = field(default_factory=Counter)
    known: Mapping[str, Attributes] = field(default_factory=dict)

    def fills(self, customer_ref: str) -> frozenset[Attribute]:
        """Return the quotas, open or not, that a customer counts for."""
        own = self.known.get(customer_ref, {})
        return frozenset(one for one in self.open if own.get(one.name) == one.value)

    def still(self, quotas: Iterable[Attribute]) -> int:
        """Return how many of these quotas are open."""
        return sum(self.open[one] > 0 for one in quotas)

    def choose(self, customer_ref: str) -> tuple[Attribute, ...]:
        """Count a chosen customer, and return the open quotas they fill."""
        filled = tuple(one for one in self.open if one in self.fills(customer_ref) and self.open[one] > 0)
        self.open.subtract(self.fills(customer_ref))
        return filled


def wishes(quotas: Sequence[AttributeQuota], taken: Iterable[Attributes], known: Mapping[str, Attributes]) -> Wishes:
    """Return what quotas still miss after the people taken already."""
    found = Wishes(Counter({Attribute(one.name, one.value): one.wanted for one in quotas}), known)
    for own in taken:
        found.open.subtract(one for one in list(found.open) if own.get(one.name) == one.value)
    return found


@dataclass(frozen=True, slots=True)
class QuotaProgress:
    """One quota: people wanted, and people among the candidates who fill it."""

    attribute: Attribute
    wanted: int
    filled: int

    @property
    def missing(self) -> int:
        """People still to be found."""
        return max(self.wanted - self.filled, 0)


def progress(quotas: Sequence[AttributeQuota], taken: Sequence[Attributes]) -> tuple[QuotaProgress, ...]:
    """Return how far each quota is filled by the people taken."""
    return tuple(
        QuotaProgress(Attribute(one.name, one.value), one.wanted, sum(own.get(one.name) == one.value for own in taken))
        for one in quotas
    )
