"""What scores, types, layers and previews hand out; amounts by currency, never added."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal

from app.purchases.classes import Segments
from app.purchases.schemas import SourceLimits
from app.purchases.scoring.cutoffs import Cutoffs

Money = Mapping[str, Decimal]


@dataclass(frozen=True)
class Past:
    """How the share who came back was measured: people as they stood on `cutoff`, who ordered again `within_days` after it.

    Nothing is measured where the orders do not reach back far enough.
    """

    cutoff: date
    within_days: int
    measured: bool


@dataclass(frozen=True)
class Returned:
    """Of `base` people who stood there at the cut-off, `back` ordered again."""

    base: int = 0
    back: int = 0

    @property
    def share(self) -> float | None:
        """The share of 1, None where nobody stood there or nothing is measured."""
        return self.back / self.base if self.base else None


@dataclass(frozen=True)
class ScoreCell:
    """People of one R and F: points 1 to 5, or places of ranks, where 1 is A."""

    r: int
    f: int
    people: int
    amount: Money
    returned: Returned


@dataclass(frozen=True)
class ScoreRow:
    """People of one M; of ranks each currency has its own rows."""

    m: int
    currency: str
    people: int
    amount: Money
    returned: Returned


@dataclass(frozen=True)
class ScoreTable:
    """R × F, all 25 cells, and M beside."""

    cells: tuple[ScoreCell, ...]
    rows: tuple[ScoreRow, ...]


@dataclass(frozen=True)
class DecileRow:
    """One tenth of the customers by amount, 1 is best: its share of the sales in its currency, alone and with those above."""

    decile: int
    people: int
    amount: Decimal
    share: float
    people_share: float
    cumulative: float


@dataclass(frozen=True)
class Scores:
    """R, F, M as points and by fixed cut-offs, and deciles by currency."""

    as_of: date
    customers: int
    past: Past
    points: ScoreTable
    ranks: ScoreTable
    cutoffs: Cutoffs
    deciles: Mapping[str, tuple[DecileRow, ...]]
    sources: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class TypeCell:
    """A purchase type, still buying or stopped."""

    purchase_type: str
    stopped: bool
    people: int
    amount: Money
    returned: Returned


@dataclass(frozen=True)
class Asked:
    """What people said in surveys: of `intention` asked, how many want it again; of `liking`, the sum of points 1 to 5."""

    intention: int = 0
    wanting: int = 0
    undecided: int = 0
    liking: int = 0
    liking_points: int = 0

    def __add__(self, other: "Asked") -> "Asked":
        """Return both together."""
        return Asked(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def mean_liking(self) -> float | None:
        """The mean of the points, None where nobody was asked."""
        return self.liking_points / self.liking if self.liking else None


@dataclass(frozen=True)
class Layer:
    """A layer of the pyramid that purchase data can see, and what those who were asked of it said."""

    key: str
    classes: tuple[str, ...]
    people: int
    amount: Money
    asked: Asked = Asked()


@dataclass(frozen=True)
class SurveyNumbers:
    """What a survey says of the two layers that purchase data cannot see."""

    public_id: str
    name: str
    surveyed_on: date
    asked: int
    aware: int
    unaware: int
    aware_wanting: int | None


@dataclass(frozen=True)
class Layers:
    """Types, pyramid and map of a build; `survey` is the newest one typed in, `earlier` those before.

    `answers_later` answers of survey files are of a day after the as-of date and do not count until then.
    """

    as_of: date
    customers: int
    amount: Money
    past: Past
    types: tuple[TypeCell, ...]
    layers: tuple[Layer, ...]
    super_loyal: int
    segments: Segments
    surveys: tuple[SurveyNumbers, ...] = ()
    answers_later: int = 0

    @property
    def survey(self) -> SurveyNumbers | None:
        """The newest survey, None where nobody typed one."""
        return self.surveys[0] if self.surveys else None


@dataclass(frozen=True)
class Move:
    """How many people stand in `was` now and would stand in `to`."""

    was: str
    to: str
    people: int


@dataclass(frozen=True)
class Preview:
    """Who would move with other numbers: from class to class, type to type, in and out of the super loyal, rank to rank."""

    customers: int
    classes: tuple[Move, ...]
    types: tuple[Move, ...]
    super_loyal: tuple[Move, ...]
    ranks: Mapping[str, int]
    before: tuple[SourceLimits, ...]
    after: tuple[SourceLimits, ...]

    @property
    def moved(self) -> tuple[int, int, int]:
        """How many people change their class, their type, and whether they are super loyal."""
        moves = (self.classes, self.types, self.super_loyal)
        classes, types, super_loyal = (sum(one.people for one in some if one.was != one.to) for some in moves)
        return classes, types, super_loyal
