"""Sums per group of sentences, and their ratios; shapes stand in the docstrings of those who make them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Sums: TypeAlias = "NDArray[np.float64]"


def places(groups: Iterable[str]) -> dict[str, int]:
    """Return the row of each group, in order of appearance."""
    return {name: place for place, name in enumerate(dict.fromkeys(groups))}


def ratio(above: Sums, below: Sums) -> Sums:
    """Return above / below, NaN where there is nothing below."""
    import numpy as np

    found: Sums = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return found
