"""Tells where the header of a table stands: reports have a title, the shop's name or a period above it."""

import re
from collections.abc import Sequence

LOOKED_AT = 12
FEW = 2
VALUE = re.compile(r"[-+¥￥$]?\d[\d\s,.:/年月日時分秒T~～-]*")
MARK = re.compile("sep=.?")  # what Excel writes to itself above a table


def rows_above(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the first rows, each with something in it, stand above the header.

    The header is the first row of words alone in more than two cells, if most rows below it have more than two cells as well,
    and nothing above it may be a header of few columns itself: one word at most, and at most half as many cells.
    """
    if rows and rows[0] and MARK.fullmatch(rows[0][0]):
        return 1 + rows_above(rows[1:])
    written = [[cell for cell in map(str.strip, row) if cell] for row in rows[:LOOKED_AT]]
    for place, cells in enumerate(written):
        if len(cells) > FEW and not any(map(VALUE.fullmatch, cells)):
            above, below = written[:place], written[place + 1 :]
            titles = all(_may_be_title(row, max(FEW, len(cells) // 2)) for row in above)
            return place if titles and sum(len(row) > FEW for row in below) * 2 > len(below) else 0
    return 0


def _may_be_title(cells: list[str], most: int) -> bool:
    return len(cells) <= most and sum(map(_is_word, cells)) <= 1


def _is_word(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell))
