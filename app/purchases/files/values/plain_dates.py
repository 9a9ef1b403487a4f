"""Reads a whole column of plain date-times at once, digit by digit over the bytes; leaves every other cell alone."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

DAY = 86_400
# length of the cell -> where year, month, day, hour, minute and second begin; what stands in between
FORMS: dict[int, tuple[int, ...]] = {
    8: (0, 4, 6),
    10: (0, 5, 8),
    14: (0, 4, 6, 8, 10, 12),
    16: (0, 5, 8, 11, 14),
    19: (0, 5, 8, 11, 14, 17),
}
MARKS = (ord("-"), ord("/"))
STYLED = (10, 16, 19)


def _months() -> tuple[np.ndarray, np.ndarray]:
    """Return the first day since 1970 of each month from year 0, and the length of each (0 in the year 0)."""
    first = np.arange(np.datetime64("0000-01", "M"), np.datetime64("10000-02", "M")).astype("datetime64[D]").astype(int)
    lengths = np.diff(first)
    lengths[:12] = 0
    return first[:-1], lengths


FIRST_DAY, LENGTH = _months()


@dataclass(frozen=True)
class Plain:
    """Cells that are plain: `found`, their seconds since 1970, whether they name a time; the first row of each style."""

    found: np.ndarray
    seconds: np.ndarray
    timed: np.ndarray
    firsts: dict[str, int]


def plain_dates(texts: pa.Array) -> Plain:
    """Read the cells written YYYY-MM-DD, YYYY/MM/DD or YYYYMMDD, alone or with HH:MM or HH:MM:SS."""
    texts = texts.fill_null("") if texts.null_count else texts
    if texts.type != pa.string():
        texts = texts.cast(pa.string())
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    plain = Plain(np.zeros(len(texts), bool), np.zeros(len(texts), np.int64), np.zeros(len(texts), bool), {})
    lengths = np.diff(offsets)
    alike = _alike(data, offsets, lengths)
    if alike is not None:
        return alike
    for length in FORMS:
        rows = np.flatnonzero(lengths == length)
        if len(rows):
            _read(plain, rows, _matrix(data, offsets, rows, length))
    return plain


def _alike(data: np.ndarray, offsets: np.ndarray, lengths: np.ndarray) -> Plain | None:
    """Return a column of dates of one style, read by Arrow; None for any other, and if one cell of it is no date."""
    length = int(lengths[0]) if len(lengths) else 0
    if length not in STYLED or (lengths != length).any():
        return None
    cells = data[offsets[0] : offsets[-1]].reshape(len(lengths), length)
    mark = cells[0, 4]
    if mark not in MARKS or (cells[:, 4] != mark).any() or (cells[:, 7] != mark).any():
        return None
    if mark != MARKS[0]:
        cells = cells.copy()
        cells[:, 4] = cells[:, 7] = MARKS[0]
    ends = pa.py_buffer(np.arange(0, len(lengths) * length + 1, length, dtype=np.int32))
    texts = pa.Array.from_buffers(pa.string(), len(lengths), [None, ends, pa.py_buffer(cells)])
    try:
        seconds = texts.cast(pa.timestamp("s")).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    timed = np.full(len(lengths), length > STYLED[0])
    return Plain(np.ones(len(lengths), bool), seconds, timed, {"y-" if mark == MARKS[0] else "y/": 0})


def _matrix(data: np.ndarray, offsets: np.ndarray, rows: np.ndarray, length: int) -> np.ndarray:
    """Return the bytes of these rows, one array per place in the cell."""
    if len(rows) == len(offsets) - 1:
        cells = data[offsets[0] : offsets[-1]].reshape(len(rows), length)
    else:
        cells = data[offsets[rows][:, None] + np.arange(length)]
    return np.ascontiguousarray(cells.T)


def _read(plain: Plain, rows: np.ndarray, cells: np.ndarray) -> None:
    length = len(cells)
    starts = FORMS[length]
    digits = cells - ord("0")
    marked = length not in {8, 14}
    good = _marks_fit(cells) if marked else np.ones(len(rows), bool)
    widths = [4, *[2] * (len(starts) - 1)]
    numbers: list[np.ndarray] = []
    for start, width in zip(starts, widths, strict=True):
        number = np.zeros(len(rows), np.uint16 if width == 4 else np.uint8)
        for place in range(start, start + width):
            good &= digits[place] <= 9
            number = number * 10 + digits[place]
        numbers.append(number)
    year, month, day, *clock = numbers
    good &= (month >= 1) & (month <= 12)
    months = np.where(good, year * np.int32(12) + month - 1, 0)
    good &= (day >= 1) & (day <= LENGTH[months])
    seconds = (FIRST_DAY[months] + day - 1) * DAY
    for part, (size, limit) in zip(clock, ((3600, 24), (60, 60), (1, 60)), strict=False):
        good &= part < limit
        seconds += part * np.int32(size)
    _keep(plain, rows[good], seconds[good], timed=bool(clock))
    for style, ours in (("y-", cells[4] == MARKS[0]), ("y/", cells[4] == MARKS[1])) if marked else (("compact", good),):
        chosen = rows[good & ours]
        if len(chosen):
            plain.firsts[style] = min(int(chosen[0]), plain.firsts.get(style, len(plain.found)))


def _keep(plain: Plain, rows: np.ndarray, seconds: np.ndarray, *, timed: bool) -> None:
    plain.found[rows] = True
    plain.seconds[rows] = seconds
    plain.timed[rows] = timed


def _marks_fit(cells: np.ndarray) -> np.ndarray:
    good: np.ndarray = ((cells[4] == MARKS[0]) | (cells[4] == MARKS[1])) & (cells[4] == cells[7])
    if len(cells) > 10:
        good &= ((cells[10] == ord(" ")) | (cells[10] == ord("T"))) & (cells[13] == ord(":"))
    if len(cells) > 16:
        good &= cells[16] == ord(":")
    return good
