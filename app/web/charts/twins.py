"""Two people who began alike and parted: two rails on one axis, with the fork."""

from dataclasses import dataclass

from app.web.charts.axis_parts import Tick, ticks
from app.web.charts.marks import TRIAL, Dot, Marks, Scale, largest_amount, radius_for


@dataclass(frozen=True, slots=True)
class TwinRail:
    """One person's line at `y`."""

    y: float
    rail: str
    rail_off: str
    cross: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class TwinShape:
    """Both lines, first the one who stayed; `fork_x` lies just after the order at which they parted."""

    width: int
    height: int
    stayed: TwinRail
    left: TwinRail
    fork_x: float
    fork_left_aligned: bool
    ticks: tuple[Tick, ...]
    first_x: float


def twins(stayed: Marks, left: Marks, *, fork_after: int, wide: bool = True) -> TwinShape:
    """Return the figure of a pair. `fork_after` is the number of the order after which they parted."""
    width, start, y = (1180, 150.0, (58.0, 116.0)) if wide else (530, 112.0, (34.0, 78.0))
    last = max(stayed.as_of_day, left.as_of_day, 1)
    scale = Scale(first_day=0, last_day=last, left=start, right=width - 14.0)
    widest = 11.0 if wide else 8.5
    radius = radius_for(max(largest_amount(stayed), largest_amount(left)), widest=widest, smallest=3.8)

    def rail(marks: Marks, at: float) -> TwinRail:
        dots = tuple(
            Dot(scale.x(mark.day), radius.of(mark.amount), mark.kind == TRIAL, mark.number) for mark in marks.orders
        )
        ended = marks.cancelled_day
        end = scale.x(ended) if ended is not None else (dots[-1].cx if dots else start)
        cross_x = min(max(end, dots[-1].cx + dots[-1].r + 8 if dots else end), width - 8.0)
        return TwinRail(
            y=at,
            rail=f"M{start} {at}H{end}",
            rail_off="" if ended is not None else f"M{end} {at}H{scale.right}",
            cross=f"M{cross_x - 6:.1f} {at - 6}l12 12m0 -12l-12 12" if ended is not None else "",
            dots=dots,
        )

    fork = [mark.day for marks in (stayed, left) for mark in marks.orders if mark.number == fork_after]
    fork_x = round(scale.x(max(fork, default=0)) + (8 if wide else 6), 1)
    return TwinShape(
        width=width,
        height=176 if wide else 102,
        stayed=rail(stayed, y[0]),
        left=rail(left, y[1]),
        fork_x=fork_x,
        fork_left_aligned=fork_x < width * 0.7,
        ticks=ticks(scale, least=120.0),
        first_x=start,
    )
