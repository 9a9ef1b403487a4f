"""Reads one customer's rows of a Parquet file that is sorted by customer; what a file holds where is read once."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyarrow.parquet import FileMetaData

FILES_KNOWN = 4
Key = tuple[str, str]
UNKNOWN: Key = ("", chr(0x10FFFF))


@dataclass(frozen=True)
class Index:
    """The least and greatest source and customer of each piece of a file."""

    metadata: "FileMetaData"
    sources: tuple[Key, ...]
    customers: tuple[Key, ...]

    def holding(self, source: str, customer_id: str) -> list[int]:
        """Return the pieces that may hold a customer; where two sources meet in a piece, customers run twice."""
        start = bisect_left(self.sources, source, key=lambda ends: ends[1])
        found = []
        for piece in range(start, len(self.sources)):
            least, greatest = self.sources[piece]
            if least > source:
                break
            first, last = self.customers[piece]
            if least != greatest or first <= customer_id <= last:
                found.append(piece)
            elif first > customer_id:
                break
        return found


def read_customer(path: Path, source: str, customer_id: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return one customer's rows; the file may never change under its name.

    A column that a build of an earlier release was written without holds None.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    index = _index(path)
    pieces = index.holding(source, customer_id)
    if not pieces:
        return []
    asked = [name for name in dict.fromkeys((*columns, "source", "customer_id")) if name in index.metadata.schema.names]
    with pq.ParquetFile(path, metadata=index.metadata) as file:
        table = file.read_row_groups(pieces, columns=asked, use_threads=False)
    table = table.filter(pc.and_(pc.equal(table["source"], source), pc.equal(table["customer_id"], customer_id)))
    nothing = [None] * len(table)
    return list(zip(*(table[name].to_pylist() if name in asked else nothing for name in columns), strict=True))


@lru_cache(maxsize=FILES_KNOWN)
def _index(path: Path) -> Index:
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path)
    names = metadata.schema.names
    return Index(metadata, *(_ends(metadata, names.index(name)) for name in ("source", "customer_id")))


def _ends(metadata: "FileMetaData", column: int) -> tuple[Key, ...]:
    found = (metadata.row_group(piece).column(column).statistics for piece in range(metadata.num_row_groups))
    return tuple((ends.min, ends.max) if ends is not None and ends.has_min_max else UNKNOWN for ends in found)
