"""Shops that write an order's own cells on its first row only (Shopify): they are repeated on the rows that follow."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.opening.cells import Cells

Places = npt.NDArray[np.int64]


@dataclass
class FillDown:
    """Fills pieces of one file in their order; `order` is the place of the order number, `places` the columns to fill."""

    order: int
    places: tuple[int, ...]
    _carried: list[str] = field(default_factory=list)

    def fill(self, cells: Cells) -> Cells:
        """Return the piece with blank cells of an order's later rows filled from its first row."""
        columns = [self._with_carried(place, column) for place, column in enumerate(cells.columns)]
        first = _first_rows(columns[self.order])
        for place in self.places:
            above = columns[place].take(pa.array(first))
            columns[place] = pc.if_else(pc.equal(columns[place], ""), above, columns[place])
        self._carried = [column[-1].as_py() for column in columns]
        return Cells(cells.lines, tuple(column.slice(len(column) - len(cells)) for column in columns), cells.differ)

    def _with_carried(self, place: int, column: pa.Array) -> pa.Array:
        return pa.concat_arrays([pa.array([self._carried[place]], pa.string()), column]) if self._carried else column


def _first_rows(orders: pa.Array) -> Places:
    """Return for each row the place of the first row of its run of equal order numbers; rows without one stand alone."""
    count = len(orders)
    same = np.zeros(count, np.bool_)
    if count > 1:
        before, after = orders.slice(0, count - 1), orders.slice(1)
        same[1:] = pc.and_(pc.equal(before, after), pc.not_equal(after, "")).to_numpy(zero_copy_only=False)
    places = np.where(same, 0, np.arange(count, dtype=np.int64))
    return np.maximum.accumulate(places)
