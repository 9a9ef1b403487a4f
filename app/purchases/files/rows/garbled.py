"""Rows of UTF-8 in a file of Shift_JIS: most of their bytes are letters there too, other ones (美容液 reads 鄒主ｮｹ豸ｲ)."""

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.opening.cells import as_text
from app.purchases.files.opening.decoding import bytes_of
from app.purchases.files.opening.encodings import CP932, LOST
from app.purchases.files.rows.columns import Bool

KANA = ("縺", "繧", "繝")  # how the first two bytes of every kana read; people do not write these letters
FIRST_WIDE = "\u3000"


def is_garbled(text: str) -> bool:
    """Return whether a text read as Shift_JIS is Japanese in UTF-8; a few true words of rare kanji may be, too."""
    if text.isascii():
        return False
    try:
        read = text.encode(CP932).decode()
    except UnicodeError:
        return LOST in text
    return max(read) >= FIRST_WIDE


def garbled_rows(columns: Sequence[pa.Array], suspects: Bool) -> Bool:
    """Return which of the suspected rows are garbled: their letters tell, or most of their cells that are not ASCII."""
    found = np.zeros(len(suspects), np.bool_)
    places = np.flatnonzero(suspects)
    rows = zip(*(column.take(pa.array(places)).to_pylist() for column in columns), strict=True)
    found[places] = [_is_garbled_row(cells) for cells in rows]
    return found


def lost_letters(columns: Sequence[pa.Array]) -> Bool:
    """Return which rows hold a byte that could not be read at all."""
    found = np.zeros(len(columns[0]), np.bool_)
    for column in columns:
        texts = column.dictionary if pa.types.is_dictionary(column.type) else column
        if (bytes_of(texts) == LOST.encode()[0]).any():
            found |= pc.match_substring(as_text(column), LOST).to_numpy(zero_copy_only=False)
    return found


def _is_garbled_row(cells: Iterable[str]) -> bool:
    wide = [cell for cell in cells if not cell.isascii()]
    garbled = [cell for cell in wide if is_garbled(cell)]
    return any(letter in cell for cell in garbled for letter in (*KANA, LOST)) or len(garbled) * 2 > len(wide)
