"""Files in Shift_JIS: the bytes of a column become the same cells as when Python decodes the file and reads it row by row."""

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app.purchases.files.opening import pieces
from app.purchases.files.opening.blocks import blocks_of_rows
from app.purchases.files.opening.cells import Cells, cells_of_block, cells_of_rows
from app.purchases.files.opening.row_reader import FileFormat, RowReader, guarded_text

WIDTH = 3
Row = tuple[int, tuple[str, ...]]
LETTERS = tuple(letter.encode("cp932") for letter in "表ソ能十貼ー－ｱｶﾞ､①㈱髙﨑～§яあ漢\\~a1 ")
# the same letter twice (NEC's and IBM's own places), letters of a user, single bytes that are letters in Windows alone
RARE = (b"\xed\x40", b"\xfa\x5c", b"\x87\x90", b"\xf0\x40", b"\xfc\x4b", b"\x80", b"\xa0", b"\xfd", b"\xff")
MARKS = (b",", b"\t", b";", b'""', b"\n", b"\r\n")
BROKEN = (b"\x81", b"\x9f", b"\xfc", b"\xef\xbb", b"\xe3\x81", b"caf\xe9")
IN_UTF_8 = tuple(letter.encode() for letter in "美容液表ソaあー")


def cell(*parts: bytes) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(parts), max_size=5).map(b"".join)


PLAIN_CELL = cell(*LETTERS)
CELLS = st.one_of(
    PLAIN_CELL,
    st.sampled_from(LETTERS),
    cell(*LETTERS, *RARE),
    cell(*LETTERS, *MARKS).map(lambda text: b'"' + text + b'"'),
)
ROWS = st.lists(st.lists(CELLS, min_size=WIDTH - 1, max_size=WIDTH - 1), min_size=1, max_size=8)
STRANGE = st.lists(
    st.one_of(
        st.tuples(cell(*IN_UTF_8), cell(*IN_UTF_8)),
        st.tuples(cell(*IN_UTF_8), PLAIN_CELL),
        st.tuples(cell(*LETTERS, *BROKEN), cell(*IN_UTF_8)),
    ).map(list),
    max_size=2,
)


def expected(data: bytes, delimiter: str) -> list[Row] | None:
    """Return each row with its line; None where a line is neither in Shift_JIS nor in UTF-8."""
    try:
        text = "\n".join(map(line_of, data.split(b"\n")))
    except UnicodeDecodeError:
        return None
    found: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for row in reader:
        if row:
            found.append((line, tuple((row + [""] * WIDTH)[:WIDTH])))
        line = reader.line_num + 1
    return found


def line_of(data: bytes) -> str:
    try:
        return data.decode("cp932")
    except UnicodeDecodeError:
        # a letter may be cut where the line ends
        codecs.getincrementaldecoder("utf-8")().decode(data)
        return data.decode("cp932", "replace")


def rows_of(found: Iterator[Cells]) -> list[Row] | None:
    """Return each row with its line; None where the file is in another encoding."""
    rows: list[Row] = []
    try:
        for cells in found:
            for column in cells.columns:
                column.validate(full=True)
            columns = [column.to_pylist() for column in cells.columns]
            rows += zip(cells.lines.to_pylist(), zip(*columns, strict=True), strict=True)
    except UnicodeError:
        return None
    return rows


def by_column(data: bytes, delimiter: str, size: int, repeated: frozenset[int] = frozenset()) -> Iterator[Cells]:
    for block in blocks_of_rows(io.BytesIO(data), "cp932", delimiter, size):
        yield from cells_of_block(block, WIDTH, delimiter, repeated)


def by_row(data: bytes, delimiter: str) -> Iterator[Cells]:
    with guarded_text(io.BytesIO(data), "cp932") as text:
        for lines, rows in RowReader(text, delimiter).chunks(3):
            yield cells_of_rows(lines, rows, WIDTH)


@rules(max_examples=300, deadline=None)
@given(
    rows=ROWS,
    strange=STRANGE,
    place=st.integers(0, 8),
    delimiter=st.sampled_from(",\t;"),
    end=st.sampled_from([b"\n", b"\r\n"]),
    size=st.sampled_from([7, 40, 1 << 20]),
    repeated=st.frozensets(st.integers(0, WIDTH - 1)),
)
def test_both_roads_read_what_python_reads(
    *, rows: list[list[bytes]], strange: list[list[bytes]], place: int, delimiter: str, end: bytes, size: int,
    repeated: frozenset[int],
) -> None:  # fmt: skip
    every = [*rows[:place], *strange, *rows[place:]]
    data = end.join(delimiter.encode().join([b"%d" % n, *cells]) for n, cells in enumerate(every)) + end
    read = expected(data, delimiter)
    assert rows_of(by_column(data, delimiter, size, repeated)) == read
    assert rows_of(by_row(data, delimiter)) == read


def line(*cells: str, encoding: str = "cp932") -> bytes:
    return (",".join(cells) + "\n").encode(encoding)


@pytest.mark.parametrize("repeated", [0, 1_500])
def test_columns_of_few_and_of_many_different_names(repeated: int) -> None:
    """What the first cells of a column tell of it changes no cell, whatever the others are."""
    names = ["表ソ能"] * repeated + [f"髙﨑 {n}号" for n in range(1_500)] + ["ｱ", ""] * 700
    data = b"".join(line(f"N{n}", name, "送料" if n % 2 else "") for n, name in enumerate(names))
    found = rows_of(by_column(data, ",", 1 << 14))
    assert found == expected(data, ",")
    assert [cells[1] for _, cells in found or []] == names


def test_a_row_of_utf_8_late_in_a_block_keeps_its_line_and_the_other_rows_theirs() -> None:
    rows = [line(str(n), "表示", "ソ") for n in range(400)]
    rows[250] = line("250", "瑠璃子", "", encoding="utf-8")
    data = b"".join(rows)
    found = rows_of(by_column(data, ",", 1 << 20))
    assert found is not None
    assert [at for at, cells in found if cells[1] != "表示"] == [251]
    assert "\ufffd" in found[250][1][1]
    assert found == expected(data, ",")


def test_a_row_with_a_cell_in_each_encoding_refuses_the_encoding() -> None:
    """The whole line tells, not the cell: so a file of another encoding is not taken for a few garbled rows."""
    name = "瑠璃子".encode()
    data = line("1", "表示", "ソ") + b"2," + name
    assert rows_of(by_column(data + b",a\n", ",", 1 << 20)) is not None
    assert rows_of(by_column(data + ",ソ\n".encode("cp932"), ",", 1 << 20)) is None


def test_a_letter_cut_at_the_end_of_the_file_is_no_letter() -> None:
    assert rows_of(by_column(line("1", "表示", "ソ") + b"2,\x8f\x5c\x82,\x95", ",", 16)) is None


def test_a_header_of_second_bytes_like_backslashes(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes('番号,"表示\n能力",ソース\n1,構,噂\n'.encode("cp932"))
    with pieces.open_pieces(path, FileFormat("cp932", ",")) as opened:
        assert opened.headers == ("番号", "表示\n能力", "ソース")
        assert rows_of(opened.pieces) == [(3, ("1", "構", "噂"))]
