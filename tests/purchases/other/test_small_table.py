"""A small table is read by header names; each row is taken or held back with its line."""

from pathlib import Path

import pytest

from app.purchases.files.refused import FileRefused
from app.purchases.import_schemas import HeldBack, Mapping
from app.purchases.other.small_table import (
    Cells,
    RowHeld,
    TableSpec,
    fits,
    make_report,
    missing,
    propose,
    read_table,
    write_held,
)

SPEC = TableSpec(
    columns={"code": ("商品コード", "sku"), "family": ("商品群",), "name": ("氏名",)},
    required=(("code", "family"),),
    pairs={"name": (("姓", "名"),)},
    free=("attribute:",),
)


def parse(cells: Cells) -> str:
    if not cells["code"]:
        raise RowHeld("code", "empty")
    return cells["code"]


def a_file(folder: Path, text: str, encoding: str = "cp932") -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_headers_are_known_by_name_whatever_their_width_and_case() -> None:
    found = propose(("ＳＫＵ", "商品群", "姓", "名", "ほか"), SPEC)
    assert found == {"code": "ＳＫＵ", "family": "商品群", "name": "姓 + 名"}
    assert missing(found, SPEC) == ()
    assert missing({"name": "氏名"}, SPEC) == ("code",)


def test_rows_are_taken_or_held_back_with_their_line(tmp_path: Path) -> None:
    path = a_file(tmp_path, '商品コード,姓,名\r\nＡ１,"山\r\n田",花子\r\n,鈴木,一\r\nB2,佐藤\r\n')
    mapping = Mapping(columns={"code": "商品コード", "name": "姓 + 名", "attribute:姓": "姓"})
    seen: list[Cells] = []

    def keep(cells: Cells) -> str:
        seen.append(cells)
        return parse(cells)

    read = read_table(path, mapping, SPEC, keep)
    assert read.rows == ((2, "A1"),)
    assert seen[0]["name"] == "山\r\n田 花子"
    assert [(item.line, item.column, item.reason) for item in read.held] == [
        (4, "商品コード", "empty"),
        (5, "", "The row has another number of cells than the header."),
    ]
    assert read.mapping.encoding == "cp932"
    report = make_report(read, known=1, customers=3)
    assert (report.rows_read, report.taken, report.known, report.held_back_rows, report.customers) == (3, 0, 1, 2, 3)
    write_held(path, read, tmp_path / "held.csv")
    assert (tmp_path / "held.csv").read_text("utf-8").splitlines()[1:] == [
        "4,empty,,鈴木,一",
        f"5,{read.held[1].reason},B2,佐藤,",
    ]


@pytest.mark.parametrize(
    ("text", "columns", "code"),
    [
        ("商品コード,x\n,1\n", {"code": "商品コード"}, "all_held_back"),
        ("商品コード,x\n", {"code": "商品コード"}, "header_only"),
        ("品番,x\n1,2\n", {"code": "商品コード"}, "column_missing"),
        ("氏名,x\n1,2\n", {"name": "氏名"}, "column_unmapped"),
        ("氏名,x\n1,2\n", {"colour": "氏名"}, "mapping_unknown"),
    ],
)
def test_a_file_is_refused_when_nothing_of_it_can_be_taken(
    tmp_path: Path, text: str, columns: dict[str, str], code: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        read_table(a_file(tmp_path, text), Mapping(columns=columns), SPEC, parse)
    assert refused.value.code == code


def test_rows_are_held_back_afterwards_by_what_only_the_whole_file_tells(tmp_path: Path) -> None:
    read = read_table(
        a_file(tmp_path, "商品コード,x\nA,1\n,2\nA,3\n"), Mapping(columns={"code": "商品コード"}), SPEC, parse
    )
    again = read.holding_back([HeldBack(4, "商品コード", "A", "twice")])
    assert again.rows == ((2, "A"),)
    assert [item.line for item in again.held] == [3, 4]
    assert make_report(again).held_back_rows == 2


def test_a_remembered_mapping_fits_while_all_its_columns_are_there() -> None:
    mapping = Mapping(columns={"code": "商品コード", "name": "姓 + 名"})
    assert fits(mapping, ("名", "姓", "商品コード"))
    assert not fits(mapping, ("姓", "商品コード"))
    assert not fits(Mapping(), ("姓",))
