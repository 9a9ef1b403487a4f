"""Encodings, headers, dates and mapping files, without a store."""

import io
import string
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app.core.errors import AppError
from app.purchases.files.mapping import mapping_file
from app.purchases.files.mapping.headers import propose
from app.purchases.files.opening import blocks, pieces
from app.purchases.files.opening import row_reader as reading
from app.purchases.files.opening.blocks import Irregular
from app.purchases.files.opening.cells import Cells
from app.purchases.files.opening.encodings import ladder
from app.purchases.files.rows import columns
from app.purchases.files.values.dates import DateColumn
from app.purchases.import_schemas import Mapping
from tests.purchases.build import HEADERS

JAPANESE = "注文番号美容液化粧水髙﨑①㈱～－あいうえおアイウエオ、。お試しセット"
CELL = st.text(alphabet=string.ascii_letters + string.digits + JAPANESE + ' ,"\n', max_size=12)
ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be")


def read(
    path: Path, *, cell_by_cell: bool = False, repeated: frozenset[int] = frozenset()
) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    """Return the header, and each row with its line, in the first way of the ladder that reads the file."""
    for how in pieces.ways_to_read(path, Mapping()):
        try:
            with pieces.open_pieces(
                path, how, cell_by_cell=cell_by_cell, chunk=2, repeated=lambda _: repeated
            ) as opened:
                return opened.headers, [row for cells in opened.pieces for row in rows_of(cells)]
        except UnicodeError:
            continue
        except Irregular:
            return read(path, cell_by_cell=True)
    raise AssertionError


def rows_of(cells: Cells) -> list[tuple[int, tuple[str, ...]]]:
    columns = [column.to_pylist() for column in cells.columns]
    return list(zip(cells.lines.to_pylist(), zip(*columns, strict=True), strict=True))


@rules(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5),
    encoding=st.sampled_from(ENCODINGS),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_was_written_is_read(tmp_path: Path, rows: list[list[str]], encoding: str, end: str) -> None:
    table = [["注文番号,x", "顧客", "日付"], *rows]
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in table]
    path = tmp_path / "file.csv"
    path.write_bytes((end.join(lines) + end).encode(encoding))
    headers, found = read(path)
    written = [cells for cells in table if "".join(cells).strip()]
    assert [list(headers), *(list(cells) for _, cells in found)] == written
    assert read(path, cell_by_cell=True) == (headers, found)
    assert read(path, repeated=frozenset({0, 2})) == (headers, found)


@pytest.mark.parametrize("repeated", [frozenset(), frozenset({1})])
def test_a_cell_that_is_not_of_the_encoding_refuses_it_however_a_column_is_read(
    tmp_path: Path, repeated: frozenset[int]
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"id,name\n" + b"1,a\n" * 99 + b"2,caf\xe9 \x81\n")
    how = reading.FileFormat("utf-8", ",")
    with (
        pytest.raises(UnicodeError),
        pieces.open_pieces(path, how, repeated=lambda _: repeated) as opened,
    ):
        list(opened.pieces)


@rules(max_examples=200, deadline=None)
@given(
    text=st.lists(st.sampled_from([b"a", b",", b"\r", b"\n", b"\r\n", b"xyz"]), max_size=30).map(b"".join),
    window=st.integers(1, 9),
)
def test_line_ends_are_counted_alike_in_windows_of_any_size(text: bytes, window: int) -> None:
    data = text + b"\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "WINDOW", window)
        if b"\r" in data.replace(b"\r\n", b"\n"):
            with pytest.raises(Irregular):
                list(blocks.blocks_of_rows(io.BytesIO(data), "utf-8", ","))
        else:
            (block,) = blocks.blocks_of_rows(io.BytesIO(data), "utf-8", ",")
            assert block.lines == data.count(b"\n")


@pytest.mark.parametrize(
    ("cells", "cleaned"),
    [
        (["a b", "c"], ["a b", "c"]),
        (["", " a", ""], ["", "a", ""]),
        (["a\t", ""], ["a", ""]),
        (["", ""], ["", ""]),
        (["x", "\x0by"], ["x", "y"]),
        (["A\x1c", "\x1fb"], ["A", "b"]),
        (["A\x1c", "あ"], ["A", "あ"]),
        (["Ａ１\u3000", "b"], ["A1", "b"]),
    ],
)
def test_cells_are_cleaned_however_many_of_them_need_it(cells: list[str], cleaned: list[str]) -> None:
    column = pa.array(["sliced away ", *cells]).slice(1)
    assert columns.trimmed(column, as_written=False).to_pylist() == cleaned
    assert columns.coded(column.dictionary_encode(), as_written=False).to_pylist() == cleaned


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("注文,美容液\n".encode("cp932"), "cp932"),
        ("注文番号,ご購入のきっかけは、友人のおすすめでした\n".encode("euc_jp"), "euc_jis_2004"),
        ("ﾔﾏﾀﾞ ﾊﾅｺ,注文\n".encode("cp932"), "cp932"),
        ("注文,美容液\n".encode("iso2022_jp"), "iso2022_jp_2004"),
        (b"\xef\xbb\xbf\xef\xbb\xbf" + "注文\n".encode(), "utf-8"),
        (b"a,b\n", "utf-8"),
    ],
)
def test_the_ladder_names_the_encoding(data: bytes, encoding: str) -> None:
    assert ladder(data)[0] == encoding


def test_a_double_mark_before_the_header_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"\xef\xbb\xbf\xef\xbb\xbf" + "注文番号,顧客\n1,2\n".encode())
    assert read(path)[0] == ("注文番号", "顧客")


def test_repeated_headers_survive() -> None:
    assert reading.unique_headers(["送料", "合計", "送料"]) == ("送料", "合計", "送料 (2)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02", (2026, 1, 2)),
        ("2026/1/2", (2026, 1, 2)),
        ("2026年1月2日", (2026, 1, 2)),
        ("2026年1月2日(金)", (2026, 1, 2)),
        ("2026/01/02(金) 10:00", (2026, 1, 2, 10, 0)),
        ("20260102", (2026, 1, 2)),
        ("2026-01-02 23:15:01", (2026, 1, 2, 23, 15, 1)),
        ("2026-01-02T23:15:01.250Z", (2026, 1, 3, 8, 15, 1)),
        ("2026-01-02 10:00:00 +0900", (2026, 1, 2, 10, 0)),
        ("2026-02-30", None),
        ("0000-00-00 00:00:00", None),
        ("未定", None),
        ("2026-01-02 25:00", None),
        ("99999999999999999", None),
    ],
)
def test_dates_are_read_as_shops_write_them(text: str, expected: tuple[int, ...] | None) -> None:
    micros = DateColumn().micros(text)
    if expected is None:
        assert micros is None
    else:
        assert micros == datetime(*expected, tzinfo=UTC).timestamp() * 1_000_000  # type: ignore[arg-type,misc]  # parts of a date


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("13/01/2026", "02/03/2026"), "dmy"),
        (("01/13/2026", "02/03/2026"), "mdy"),
        (("2026-01-02", "2026/01/03"), None),
    ],
)
def test_a_column_tells_its_own_order(texts: tuple[str, ...], order: str | None) -> None:
    column = DateColumn()
    for text in texts:
        column.micros(text)
    assert column.order_to_use("注文日") == order


def test_columns_are_proposed_by_name_wherever_they_stand() -> None:
    one, other = propose(HEADERS), propose(tuple(reversed(HEADERS)))
    assert one == other
    assert one.columns == {
        "order_id": "注文番号", "customer_key": "顧客ID", "ordered_at": "注文日", "product_code": "商品コード",
        "product_name": "商品名", "quantity": "数量", "unit_price": "単価", "status": "対応状況",
    }  # fmt: skip


def test_an_order_total_is_never_taken_for_a_line() -> None:
    assert "line_amount" not in propose(("注文番号", "会員ID", "受注日", "価格", "個数", "支払合計")).columns
    assert propose(("注文番号", "会員ID", "受注日", "支払合計")).columns["line_amount"] == "支払合計"


@pytest.mark.parametrize(
    ("toml", "code"),
    [
        ("[columns]\nshoe_size = '足'", "mapping_unknown"),
        ("[columns]\ncustomer_id = 'a'\ncustomer_key = 'b'", "mapping_unknown"),
        ("[options]\ncolour = 'red'", "mapping_unknown"),
        ("[option]\n", "mapping_unknown"),
        ("columns = [", "mapping_not_toml"),
        ("columns = 3", "mapping_wrong"),
        ("[columns]\norder_id = 3", "mapping_wrong"),
        ("[options]\ncurrency = 'yen'", "mapping_wrong"),
        ("[options]\nencoding = 'klingon'", "encoding_unknown"),
    ],
)
def test_a_wrong_mapping_is_refused(tmp_path: Path, toml: str, code: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(toml, "utf-8")
    with pytest.raises(AppError) as caught:
        mapping_file.read_mapping_file(path)
    assert caught.value.code == code


def test_a_mapped_header_that_is_not_there_is_named() -> None:
    mapping = mapping_file.make_mapping({"order_id": "受付番号"}, {})
    with pytest.raises(AppError) as caught:
        mapping_file.fit(mapping, HEADERS)
    assert caught.value.params == {"column": "受付番号", "label": "Order number"}


@pytest.mark.parametrize("repeated", [frozenset(), frozenset({1})])
def test_a_piece_is_as_large_as_its_part_of_the_file_with_blank_rows_too(
    tmp_path: Path, repeated: frozenset[int]
) -> None:
    """How far a file is read is told by it."""
    path = tmp_path / "file.csv"
    rows = "".join(f"{n},美容液\n" for n in range(500)) + ",\n"
    path.write_text("id,name\n" + rows, encoding="utf-8")
    with pieces.open_pieces(path, reading.FileFormat("utf-8", ","), repeated=lambda _: repeated) as opened:
        found = list(opened.pieces)
    assert sum(map(len, found)) == 500
    assert sum(cells.nbytes for cells in found) == len(rows.encode())
