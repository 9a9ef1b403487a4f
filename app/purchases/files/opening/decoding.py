"""Cells of bytes become text: a column of ASCII as it is, of often repeated cells each distinct one once."""

import codecs

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.opening.encodings import CP932, UTF_8

SAMPLE = 1_000
FIRST_BEYOND_ASCII = 0x80
LINE_FEED = 10


def bytes_of(column: pa.Array) -> npt.NDArray[np.uint8]:
    """Return the bytes of all cells of a column of strings or binary cells, one after another."""
    places, cells = column.buffers()[1:]
    offsets, data = np.frombuffer(places or b"", np.int32), np.frombuffer(cells or b"", np.uint8)
    return data[offsets[column.offset] : offsets[column.offset + len(column)]] if len(column) else data[:0]


def lengths_of(column: pa.Array) -> npt.NDArray[np.int32]:
    """Return the bytes of each cell of a column of strings or binary cells."""
    offsets = np.frombuffer(column.buffers()[1] or b"", np.int32)
    return np.diff(offsets[column.offset : column.offset + len(column) + 1])


def decoded(column: pa.Array, encoding: str) -> pa.Array:
    """Return cells of bytes, or codes into such, as text; in CP932 none of them holds a line end, as each line is a row.

    Raises:
        UnicodeDecodeError: a cell is not in this encoding.
    """
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, decoded(column.dictionary, encoding), safe=False)
    if bytes_of(column).max(initial=0) < FIRST_BEYOND_ASCII:
        return column.view(pa.string())
    if encoding == UTF_8:
        return _checked(column)
    first = column.slice(0, SAMPLE)
    if pc.count_distinct(first).as_py() * 2 > len(first):
        return _each(column)
    found = column.dictionary_encode()
    return _each(found.dictionary).take(found.indices)


def _checked(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid as fault:
        raise UnicodeDecodeError(UTF_8, b"", 0, 0, "a cell is not UTF-8") from fault


def _each(column: pa.Array) -> pa.Array:
    """Decode the cells all at once, with line ends between them to find them again."""
    joined = pc.binary_join(pa.ListArray.from_arrays([0, len(column)], column), b"\n")[0].as_buffer()
    text = codecs.decode(joined, CP932).encode() + b"\n"
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == LINE_FEED)
    offsets = np.zeros(len(column) + 1, np.int32)
    offsets[1:] = ends - np.arange(len(column))
    cells = [None, pa.py_buffer(offsets), pa.py_buffer(text.replace(b"\n", b""))]
    return pa.Array.from_buffers(pa.string(), len(column), cells)
