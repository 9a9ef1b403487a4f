"""Tells where the header of a table stands: reports have a title, the shop's name or a period above it."""

import re
from collections.abc import Sequence

LOOKED_AT = 12
FEW = 2
VALUE = re.compile(r"[-+¥￥$]?\d[\d\s,.:/年月日時分秒T~～-]*")


def rows_above(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the first rows stand above the header: rows of one or two cells, before a row of more that are words.

    A header of one or two columns has no such row below it, nor does a table whose rows are wider than its header.
    """
    for place, row in enumerate(rows[:LOOKED_AT]):
        written = [cell for cell in map(str.strip, row) if cell]
        if len(written) > FEW:
            return 0 if any(map(VALUE.fullmatch, written)) else place
    return 0
