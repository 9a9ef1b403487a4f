"""Text columns of one piece of a file, cleaned: NFKC and trimmed, each distinct value looked at once."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.mapping.headers import JOIN
from app.purchases.files.mapping.presets import Preset
from app.purchases.files.opening.cells import Cells, as_text
from app.purchases.files.opening.decoding import bytes_of, lengths_of

AS_WRITTEN = frozenset(
    {
        "product_name",
        "reason",
        "customer_name",
        "customer_kana",
        "company_name",
        "address",
        "ship_to_name",
        "ship_to_address",
    }
)
WIDE = frozenset(
    {"order_id", "line_id", "customer_key", "sub_id", *AS_WRITTEN, "email", "phone", "postal_code"}
    - {"product_name", "reason"}
)
DELETE = 127
BLANKS = " \t\n\v\f\r\x1c\x1d\x1e\x1f"
"""What str.strip takes off of ASCII."""
FIRST_CELLS = 50
WRAPPED = re.compile(r"""\s*(?:="|'[0-9])""")
Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass
class Texts:
    """The mapped columns of one piece; a column that the file lacks is a column of empty cells.

    `suspects` are rows of which a repeated value is `suspicious`, as far as columns were asked for.
    """

    cells: Cells
    headers: tuple[str, ...]
    columns: dict[str, str]
    preset: Preset | None = None
    known: dict[str, pa.Array] = field(default_factory=dict)
    suspicious: Callable[[str], bool] | None = None
    suspects: Bool = field(init=False)

    def __post_init__(self) -> None:
        """Suspect no row yet."""
        self.suspects = np.zeros(len(self.cells), np.bool_)

    def __contains__(self, name: object) -> bool:
        """Return whether the file has this column."""
        return name in self.columns

    def raw(self, name: str) -> pa.Array:
        """Return the cells of a column as the file writes them; joined columns are joined by a space."""
        return as_text(self._written(name))

    def distinct(self, name: str) -> pa.DictionaryArray:
        """Return the same as codes into the distinct cells."""
        return as_codes(self._written(name))

    def _written(self, name: str) -> pa.Array:
        found = [unwrapped(self.cells.columns[place]) for place in places_of(self.columns[name], self.headers)]
        joined = found[0] if len(found) == 1 else pc.binary_join_element_wise(*map(as_text, found), " ")
        if self.preset is None or name not in self.preset.multi_value:
            return joined
        return recoded(as_codes(joined), partial(self.preset.cell, name))

    def wide(self, name: str) -> pa.Array:
        """Return a column of mostly different values as plain text."""
        if name not in self.known:
            self.known[name] = (
                trimmed(self.raw(name), as_written=name in AS_WRITTEN) if name in self else empty(len(self.cells))
            )
        return self.known[name]

    def few(self, name: str) -> pa.DictionaryArray:
        """Return a column of often repeated values as codes into its distinct values."""
        key = f"few {name}"
        if key not in self.known:
            self.known[key] = self._coded(name) if name in self else constant("", len(self.cells))
        return self.known[key]

    def _coded(self, name: str) -> pa.DictionaryArray:
        found = self.distinct(name)
        if self.suspicious is not None:
            strange = np.array(list(map(self.suspicious, found.dictionary.to_pylist())), np.bool_)
            if strange.any():
                self.suspects |= strange.take(codes_of(found))
        return coded(found, as_written=name in AS_WRITTEN)

    def is_filled(self, name: str) -> Bool:
        """Return which cells of a column of repeated values are not empty."""
        column = self.few(name)
        filled = lengths_of(column.dictionary) > 0
        return np.full(len(column), filled[0]) if len(set(filled)) == 1 else filled.take(codes_of(column))


def places_of(header: str, headers: tuple[str, ...]) -> tuple[int, ...]:
    """Return the places of a mapped header, several where it is joined of several."""
    parts = [header] if header in headers else header.split(JOIN)
    return tuple(headers.index(part) for part in parts)


def repeated_places(columns: dict[str, str], headers: tuple[str, ...]) -> frozenset[int]:
    """Return the places of the mapped columns that are mostly asked for as codes."""
    different = {
        place for name in columns.keys() & (WIDE | {"ordered_at"}) for place in places_of(columns[name], headers)
    }
    return frozenset(place for header in columns.values() for place in places_of(header, headers)) - different


def unwrapped(column: pa.Array) -> pa.Array:
    """Return cells without what shops put around numbers so that Excel keeps their zeros: ="0123" or '0123.

    A shop writes a whole column so: its first cells tell.
    """
    if not any(map(WRAPPED.match, column.slice(0, FIRST_CELLS).to_pylist())):
        return column
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, unwrapped_cells(column.dictionary), safe=False)
    return unwrapped_cells(column)


def unwrapped_cells(column: pa.Array) -> pa.Array:
    """Return texts without what is put around numbers."""
    return pc.replace_substring_regex(column, r"""^\s*(?:="([^"]*)"|'([0-9]+))\s*$""", r"\1\2")


def empty(count: int) -> pa.Array:
    """Return empty cells."""
    return pa.repeat(pa.scalar("", pa.string()), count)


def as_codes(column: pa.Array) -> pa.DictionaryArray:
    """Return a column of texts or of codes as codes."""
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def constant(value: str, count: int) -> pa.DictionaryArray:
    """Return one value for every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([value], pa.string()))


def trimmed(column: pa.Array, *, as_written: bool) -> pa.Array:
    """Return cells without spaces around them, in NFKC unless they are kept as written."""
    if _bare(column):
        return column
    if pc.all(pc.string_is_ascii(column), min_count=0).as_py():
        return pc.ascii_trim(column, characters=BLANKS)
    return pc.utf8_trim_whitespace(column if as_written else pc.utf8_normalize(column, "NFKC"))


def _bare(column: pa.Array) -> bool:
    """Return whether all is ASCII, and no cell begins or ends with a space or a control character."""
    used = bytes_of(column)
    if not len(used) or used.max() >= DELETE:
        return not len(used)
    if used.min() > ord(" "):
        return True
    lengths = lengths_of(column)
    ends = np.cumsum(lengths)[lengths > 0] - 1
    return bool(used[ends].min() > ord(" ") and used[ends - lengths[lengths > 0] + 1].min() > ord(" "))


def coded(found: pa.DictionaryArray, *, as_written: bool) -> pa.DictionaryArray:
    """Return cells as codes into their distinct values, cleaned like `trimmed`."""
    clean = trimmed(found.dictionary, as_written=as_written)
    return pa.DictionaryArray.from_arrays(found.indices, clean, safe=False)


def recoded(column: pa.DictionaryArray, change: Callable[[str], str]) -> pa.DictionaryArray:
    """Return the column with each distinct value changed."""
    values = [change(text) for text in column.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(column.indices, pa.array(values, pa.string()))


def meaning(column: pa.DictionaryArray, read: Callable[[str], object], kind: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - a numpy type
    """Return what each cell means, as a numpy column."""
    values = np.array([read(text) for text in column.dictionary.to_pylist()], kind)
    if len(values) == 1 or (len(values) and (values == values[0]).all()):
        return np.full(len(column), values[0], kind)
    found: npt.NDArray[Any] = values.take(codes_of(column))
    return found


def codes_of(column: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Return the codes of a column without nulls."""
    found: npt.NDArray[np.int32] = column.indices.to_numpy()
    return found


def words_of(codes: npt.NDArray[Any], names: Iterable[str]) -> pa.DictionaryArray:
    """Return small numbers as the words they stand for."""
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(names), pa.string()))


def units_of(money: pa.Array) -> tuple[Int, Bool]:
    """Return decimals of scale 4 as whole ten-thousandths, and which of them are known."""
    known = money.is_valid().to_numpy(zero_copy_only=False)
    if len(money) == 0:
        return np.zeros(0, np.int64), known
    halves = np.frombuffer(money.buffers()[1], np.int64)[2 * money.offset : 2 * (money.offset + len(money))]
    return np.where(known, halves[::2], 0), known


def money_of(units: Int, known: Bool | None = None) -> pa.Array:
    """Return whole ten-thousandths as decimals of scale 4."""
    pairs = np.empty((len(units), 2), np.int64)
    pairs[:, 0], pairs[:, 1] = units, units >> 63
    whole = pa.Array.from_buffers(pa.decimal128(18, 4), len(units), [None, pa.py_buffer(pairs)])
    return whole if known is None else pc.if_else(pa.array(known), whole, pa.scalar(None, whole.type))
