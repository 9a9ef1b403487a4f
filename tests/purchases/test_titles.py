"""Reports put a title, the shop's name or a period above the header of their table."""

import csv
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.purchases import operations
from app.purchases.files.names import HELD
from app.purchases.files.opening.row_reader import format_of
from app.purchases.files.opening.titles import rows_above
from app.purchases.models import FileTable
from tests.purchases.build import Shop
from tests.purchases.test_containers import book

HEADER = ["注文番号", "顧客ID", "注文日", "商品名", "金額"]
ROWS = [HEADER, ["1", "c1", "2026-01-05", "石けん, 2個", "100"], ["2", "c2", "2026-02-30", "石けん", "100"]]
TITLES = [["売上明細表"], [], ["期間", "2026/01/01~2026/01/31"], ["", ""]]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (ROWS, 0),
        ([["売上明細表", "", "", "", ""], *ROWS], 1),
        ([["売上明細表"], ["期間", "2026/01/01~2026/01/31"], *ROWS], 2),
        ([["期間", "2026/01/01", "~", "2026/01/31"], HEADER, *ROWS[1:]], 0),
        ([["期間", "2026/01/01", "~", "2026/01/31"], [*HEADER, "数量", "送料", "備考"], *ROWS[1:]], 1),
        ([["sep=,"], ["商品コード", "系列"], ["P1", "つゆ"]], 1),
        ([["sep=", ""], ["売上明細表"], *ROWS], 2),
        ([["商品コード", "系列"], ["P1", "つゆ"]], 0),
        ([["注文番号", "顧客ID"], *ROWS[1:]], 0),
        ([["商品コード", "系列"], *[["P1", "つゆ"]] * 20, HEADER], 0),
        ([["商品コード", "系列"], ["P1", "つゆ"], ["P2", "つゆ", " 白", " 大"], ["P3", "白"]], 0),
        ([["商品コード", "系列", "", ""], ["P2", "つゆ", "", "←要確認"], ["P3", "白", "", ""]], 0),
        ([["会員ID", "回答"], ["c1", "香り"], ["c2", "香り", "後から聞いた"]], 0),
        ([["会員ID", "1", "2"], ["c1", "はい", "いいえ"], ["c2", "はい", "はい"]], 0),
        ([["商品コード", "系列", ""], ["P1", "つゆ", "定番"], ["P2", "つゆ", "廃番"], ["P3", "酢", "廃番"]], 0),
        ([["商品コード", "系列", ""], ["P1", "つゆ", ""], ["P3", "酢", "廃番"], ["P4", "酢", "廃番"]], 0),
        ([["", "会員ID", "回答"], ["x", "c1", "香り"], ["y", "c2", "味"]], 0),
        ([["売上明細表", "2026年2月1日 作成"], *ROWS], 1),
        ([], 0),
        ([[], ["", ""]], 0),
    ],
)
def test_rows_above_the_header_are_told_by_how_little_they_hold(rows: list[list[str]], expected: int) -> None:
    assert rows_above(rows) == expected


@given(rows=st.lists(st.lists(st.text(max_size=5), max_size=6), max_size=15))
def test_nothing_is_left_out_above_a_row_of_few_cells(rows: list[list[str]]) -> None:
    found = rows_above(rows)
    assert sum(bool(cell.strip()) for cell in rows[found]) > 2 if found else found == 0


def written(rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_report_is_taken_like_its_table(shop: Shop, encoding: str, delimiter: str) -> None:
    public_id, held = shop.check(written([*TITLES, *ROWS], delimiter, encoding))
    assert [(one.line, one.value) for one in held] == [(7, "2026-02-30")]
    assert shop.report(public_id).rows_read == 2
    seen = operations.inspect(shop.store, shop.run(shop.upload(written([*TITLES, *ROWS], delimiter, encoding))))
    assert (seen.headers, seen.rows_above, shop.report(public_id).rows_above) == (tuple(HEADER), 2, 2)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("注文番号\t金額\n1\t化粧水, 2本, 3箱\n2\t石けん, 2本, 3箱\n", "\t"),
        ('"注文番号\n(必須)","顧客ID","注文日;時刻"\n"1","c1","2026-01-05"\n', ","),
        ("商品名\nA;B\nC\n", ","),
        ("商品名\nA;B;C\nC\n", ","),
        ('"コメント"\na;b;c\nd;e\n', ","),
        ("注文\n1\t2\t3\n4\t5\t6\n", ","),
        ('注文番号,商品名,画面"\n1,"<ul>;a;b;c;d;e</ul>",100\n2,"x",100\n', ","),
        ('注文番号\tサイズ(")\n1\t"a, b, c, d"\n2\t"x, y, z, w"\n', "\t"),
        ("売上明細表\na;b;c\n1;2;3\n", ";"),
        ("売上明細表\n\na\tb\tc\n1\t2, 3, 4, 5\t3\n", "\t"),
        ("sep=;\na;b\n1;2,3\n", ";"),
        ("", ","),
    ],
)
def test_the_first_line_tells_the_delimiter_or_two_alike_below_a_title(text: str, delimiter: str) -> None:
    assert format_of(text.encode("utf-8-sig"), "utf-8-sig").delimiter == delimiter


def test_a_title_above_a_wide_table_is_left_out_too(shop: Shop) -> None:
    wide = [f"列{n}" for n in range(60)]
    rows = [[*HEADER, *wide], *([str(n), "c1", "2026-01-05", "石けん", "100", *["あ" * 60] * 60] for n in range(200))]
    public_id, held = shop.check(written([["売上明細"], *rows], ",", "utf-8"))
    assert (held, shop.report(public_id).taken, shop.report(public_id).rows_above) == ((), 200, 1)


def test_a_quoted_cell_over_two_lines_above_the_header_counts_as_one_row(shop: Shop) -> None:
    public_id, held = shop.check(written([["売上明細表\n5月"], *ROWS], ",", "utf-8"))
    assert [one.line for one in held] == [5]
    assert shop.report(public_id).rows_read == 2


def test_a_sheet_may_begin_with_a_title_over_merged_cells(shop: Shop) -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "売上明細表")
        sheet.write(1, 4, "2026年2月1日 作成")
        rows = [*ROWS, ["3", "c3", "2026-01-07", "石けん", "50"], ["4", "c3", "2026-01-07", "石けん", "50"]]
        for place, row in enumerate(rows, 3):
            sheet.write_row(place, 0, row if place == 3 else [*row[:4], "" if row[0] == "2" else row[4]])

    public_id, held = shop.check(book(fill))
    assert [(one.line, one.value) for one in held] == [(6, "2026-02-30")]
    with (shop.store.upload_dir(public_id) / HELD).open(encoding="utf-8") as file:
        assert [len(row) for row in csv.reader(file)] == [7, 7]
    assert (shop.report(public_id).rows_read, shop.report(public_id).taken) == (4, 3)


def test_a_file_of_members_may_begin_with_a_title_too(shop: Shop) -> None:
    data = "会員一覧\r\n\r\n会員ID,性別,生年,都道府県\r\nc1,女性,1980,東京都\r\nc2,男性,1990,北海道\r\n"
    run = shop.run(shop.upload(data.encode("cp932")))
    assert operations.inspect(shop.store, run).table is FileTable.MEMBERS
    run.table = FileTable.MEMBERS
    seen = operations.inspect(shop.store, run)
    assert (seen.rows_above, seen.headers[0], len(seen.rows)) == (1, "会員ID", 2)
