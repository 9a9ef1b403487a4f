"""Cells in Shift_JIS become text: a column of ASCII as it is, of often repeated cells each distinct one once."""

import codecs

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.opening.encodings import CP932

SAMPLE = 1_000
FIRST_BEYOND_ASCII = 0x80
LINE_FEED = 10


def bytes_of(column: pa.Array) -> npt.NDArray[np.uint8]:
    """Return the bytes of all cells of a column of strings or binary cells, one after another."""
    places, cells = column.buffers()[1:]
    offsets, data = np.frombuffer(places or b"", np.int32), np.frombuffer(cells or b"", np.uint8)
    return data[offsets[column.offset] : offsets[column.offset + len(column)]] if len(column) else data[:0]


def decoded(column: pa.Array) -> pa.Array:
    """Return cells of bytes as text; none of them may hold a line end.

    Raises:
        UnicodeDecodeError: a cell is not in CP932.
    """
    if bytes_of(column).max(initial=0) < FIRST_BEYOND_ASCII:
        return column.view(pa.string())
    first = column.slice(0, SAMPLE)
    if pc.count_distinct(first).as_py() * 2 > len(first):
        return _each(column)
    found = column.dictionary_encode()
    return _each(found.dictionary).take(found.indices)


def _each(column: pa.Array) -> pa.Array:
    """Decode the cells all at once, with line ends between them to find them again."""
    joined = pc.binary_join(pa.ListArray.from_arrays([0, len(column)], column), b"\n")[0].as_buffer()
    text = codecs.decode(joined, CP932).encode() + b"\n"
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == LINE_FEED)
    offsets = np.zeros(len(column) + 1, np.int32)
    offsets[1:] = ends - np.arange(len(column))
    cells = [None, pa.py_buffer(offsets), pa.py_buffer(text.replace(b"\n", b""))]
    return pa.Array.from_buffers(pa.string(), len(column), cells)
