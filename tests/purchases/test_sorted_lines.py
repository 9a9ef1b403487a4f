"""One customer's lines out of a file sorted by customer: the same rows as a scan, however the pieces are cut."""

import itertools
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.purchases.figures.sorted_lines import read_customer


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 100])
def test_every_customer_is_found_whole(tmp_path: Path, piece: int) -> None:
    people = [
        (source, f"{letter}{number}") for source in ("a店", "b", "楽天") for letter in "xyé" for number in range(3)
    ]
    rows = [(source, number, line) for place, (source, number) in enumerate(people) for line in range(place % 4 + 1)]
    rows.sort()
    path = tmp_path / "lines.parquet"
    columns = [list(column) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=["source", "customer_id", "line"]), path, row_group_size=piece)
    for source, number in itertools.product(
        ["a店", "b", "楽天", "", "zz"], {number for _, number in people} | {"", "w"}
    ):
        wanted = [(line, number) for shop, known, line in rows if (shop, known) == (source, number)]
        assert read_customer(path, source, number, ["line", "customer_id"]) == wanted


def test_an_empty_file_holds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "lines.parquet"
    pq.write_table(pa.table({"source": pa.array([], pa.string()), "customer_id": pa.array([], pa.string())}), path)
    assert read_customer(path, "a", "b", ["source"]) == []


def test_a_column_that_an_earlier_build_did_not_write_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lines.parquet"
    pq.write_table(pa.table({"source": ["a", "a"], "customer_id": ["b", "c"], "line": [1, 2]}), path)
    assert read_customer(path, "a", "c", ["line", "refunded"]) == [(2, None)]
