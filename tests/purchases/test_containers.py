"""Files as people upload them: packed, in workbooks, locked, damaged, hostile."""

import gzip
import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from app.purchases.files.opening.containers import open_container
from app.purchases.files.refused import FileRefused

CSV = "注文番号,金額\n1,100\n".encode("cp932")
Written = Callable[[bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(data: bytes) -> Path:
        path = tmp_path / "original"
        path.write_bytes(data)
        return path

    return write


def zipped(*files: tuple[str, bytes], **how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def book(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        fill(workbook)
    return out.getvalue()


def orders(workbook: xlsxwriter.Workbook, name: str = "受注") -> None:
    sheet = workbook.add_worksheet(name)
    sheet.write_row(0, 0, ["注文番号", "金額"])
    sheet.write_row(1, 0, ["00123", 3960])


ORDERS = book(orders)


def text_of(path: Path) -> bytes:
    with open_container(path) as container:
        assert container.kind == "text"
        with container.open() as first:
            assert first.read(2) == CSV[:2]
        with container.open() as again:
            return again.read()


def rows_of(path: Path, sheet: str = "") -> list[tuple[int, list[str]]]:
    with open_container(path, sheet=sheet) as container:
        assert container.kind == "rows"
        return list(container.rows())


def refused(path: Path, sheet: str = "") -> FileRefused:
    with (
        pytest.raises(FileRefused) as caught,
        open_container(path, sheet=sheet) as container,
        container.open() as stream,
    ):
        stream.read()
    assert str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        CSV,
        gzip.compress(CSV),
        zipped(("orders.csv", CSV)),
        zipped(("orders.csv", CSV), compression=zipfile.ZIP_STORED),
        zipped(
            ("2026/", b""),
            ("2026/orders.TSV", CSV),
            ("__MACOSX/2026/._orders.csv", b"x"),
            ("readme.pdf", b"x"),
            (".DS_Store", b"x"),
        ),
        zipped(("orders.csv.gz", gzip.compress(CSV))),
        zipped(("orders.csv", gzip.compress(CSV))),
        zipped(("~$orders.xlsx", b"x"), ("orders.txt", CSV)),
    ],
    ids=[
        "plain",
        "gzip",
        "zip",
        "zip, stored",
        "zip with folders and leftovers",
        "gzip in zip",
        "gzip in zip, named csv",
        "zip with a lock file",
    ],
)
def test_text_is_unpacked(written: Written, data: bytes) -> None:
    assert text_of(written(data)) == CSV


def test_the_file_in_a_zip_is_named_as_windows_wrote_it(written: Written) -> None:
    data = zipped(("????.csv", CSV)).replace(b"????.csv", "受注.csv".encode("cp932"))
    with open_container(written(data)) as container:
        assert container.name == "受注.csv"
    with open_container(written(zipped(("受注/一覧.csv", CSV)))) as container:
        assert container.name == "一覧.csv"


@pytest.mark.parametrize("data", [ORDERS, zipped(("受注.xlsx", ORDERS)), zipped(("受注.csv", ORDERS))])
def test_a_sheet_is_read(written: Written, data: bytes) -> None:
    assert rows_of(written(data)) == [(1, ["注文番号", "金額"]), (2, ["00123", "3960"])]


def cells(workbook: xlsxwriter.Workbook) -> None:
    sheet = workbook.add_worksheet()
    day, moment = (
        workbook.add_format({"num_format": "yyyy/m/d"}),
        workbook.add_format({"num_format": "yyyy/m/d h:mm:ss"}),
    )
    clock, long = workbook.add_format({"num_format": "h:mm"}), workbook.add_format({"num_format": "[h]:mm"})
    japanese = workbook.add_format({"num_format": '[$-411]ggge"年"m"月"d"日"'})
    when = datetime(2026, 1, 2)  # noqa: DTZ001 - a cell has no zone
    for column, (value, how) in enumerate(
        (
            (when, day), (when, japanese), (when + timedelta(hours=10, minutes=29, seconds=59), moment), (0.4375, clock), (1.5, long),
            (3960, None), (3960.5, None), (0.1 + 0.2, None), (9012345678901, None), (-5, None), (1e21, None), (True, None), ("090", None), ("a\nb", None),
        )
    ):  # fmt: skip
        sheet.write(0, column, f"h{column}")
        sheet.write(1, column, value, how)
    sheet.write(0, 14, "last")
    sheet.write_formula(1, 14, "=NA()", None, "#N/A")
    sheet.write_formula(2, 14, "=1+1", None, 2)
    sheet.write(2, 13, '<a r="ABCDEF99999999" r = ">')  # what a text says of itself is no place of a cell


def test_cells_are_text_as_people_see_them(written: Written) -> None:
    rows = rows_of(written(book(cells)))
    assert rows[1] == (
        2,
        [
            "2026-01-02", "2026-01-02", "2026-01-02 10:29:59", "10:30:00", "36:00:00", "3960", "3960.5", "0.3", "9012345678901", "-5",
            "1000000000000000000000", "TRUE", "090", "a\nb", "",
        ],
    )  # fmt: skip
    assert rows[2] == (3, [*[""] * 13, '<a r="ABCDEF99999999" r = ">', "2"])


def gaps(workbook: xlsxwriter.Workbook) -> None:
    workbook.add_worksheet("表紙").write(0, 0, "受注一覧")
    workbook.add_worksheet("空")
    sheet = workbook.add_worksheet("受注")
    sheet.write_row(3, 1, ["注文番号", "商品", "金額", ""])
    sheet.merge_range(4, 1, 5, 1, "A1")
    sheet.merge_range(4, 3, 5, 3, 500)
    sheet.write(4, 2, "美容液")
    sheet.write(5, 2, "化粧水")
    sheet.write(7, 1, "A2")
    sheet.write(8, 5, "beyond")
    orders(workbook, "別の表")


def test_empty_rows_keep_their_numbers_and_merged_texts_reach_down(written: Written) -> None:
    assert rows_of(written(book(gaps))) == [
        (4, ["注文番号", "商品", "金額"]),
        (5, ["A1", "美容液", "500"]),
        (6, ["A1", "化粧水", ""]),
        (8, ["A2", "", ""]),
        (9, ["", "", "", "", "beyond"]),
    ]


def test_a_sheet_may_be_named(written: Written) -> None:
    path = written(book(gaps))
    assert rows_of(path, "別の表")[1] == (2, ["00123", "3960"])
    with open_container(path) as container:
        assert (container.sheets, container.sheet) == (("表紙", "空", "受注", "別の表"), "受注")
    fault = refused(path, "売上")
    assert (fault.code, fault.params) == ("sheet_missing", {"sheet": "売上", "names": "表紙, 空, 受注, 別の表"})


def hidden_first(workbook: xlsxwriter.Workbook) -> None:
    orders(workbook, "隠した")
    orders(workbook, "見える")
    workbook.get_worksheet_by_name("見える").activate()
    workbook.get_worksheet_by_name("見える").set_first_sheet()
    workbook.get_worksheet_by_name("隠した").hide()


def test_a_hidden_sheet_is_not_the_one_people_mean(written: Written) -> None:
    with open_container(written(book(hidden_first))) as container:
        assert container.sheet == "見える"


def with_flag(data: bytes, flag: int) -> bytes:
    """Return a zip whose first entry carries a general flag, in the list and before the data."""
    place = data.index(b"PK\x01\x02")
    return data[:6] + struct.pack("<H", flag) + data[8 : place + 8] + struct.pack("<H", flag) + data[place + 10 :]


def lying(name: str, data: bytes) -> bytes:
    """Return a workbook one of whose parts unpacks to more than it declares, with a check sum of what is declared."""
    declared = len(data) // 50
    packed = zipped(("xl/workbook.xml", b"<x/>"), (name, data))
    true = struct.pack("<I", zlib.crc32(data)), struct.pack("<I", len(data))
    return packed.replace(true[0], struct.pack("<I", zlib.crc32(data[:declared]))).replace(
        true[1], struct.pack("<I", declared)
    )


SPACES = b"<row> </row>" * 2_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET = "xl/worksheets/sheet1.xml"


def patched(old: bytes, new: bytes) -> bytes:
    """Return the workbook with its sheet rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ORDERS)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            assert entry.filename != SHEET or old in data
            target.writestr(entry.filename, data.replace(old, new) if entry.filename == SHEET else data)
    return out.getvalue()


MERGED = b'</sheetData><mergeCells count="2"><mergeCell ref="A1:A900000"/><mergeCell ref="B1:B900000"/></mergeCells>'
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "an old workbook": (lambda: OLE, "not_csv"),
    "a locked workbook": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "xlsx_password"),
    "a PDF": (lambda: b"%PDF-1.7\n", "not_csv"),
    "a PDF in gzip": (lambda: gzip.compress(b"%PDF-1.7\n"), "not_csv"),
    "a PDF named csv in a zip": (lambda: zipped(("a.csv", b"%PDF-1.7\n")), "not_csv"),
    "an old workbook in a zip": (lambda: zipped(("a.xlsx", OLE)), "not_csv"),
    "a web page": (lambda: b"\xef\xbb\xbf\r\n<HTML><table>", "not_csv"),
    "a web page in a zip": (lambda: zipped(("a.xlsx", b"<table border=1>")), "not_csv"),
    "XML": (lambda: b'<?xml version="1.0"?>', "not_csv"),
    "merged beyond measure": (lambda: patched(b"</sheetData>", MERGED), "xlsx_broken"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c\x00\x04", "archive_unknown"),
    "Numbers": (lambda: zipped(("Index/Document.iwa", b"x"), ("preview.jpg", b"x")), "numbers_file"),
    "Word": (lambda: zipped(("[Content_Types].xml", b"x"), ("word/document.xml", b"x")), "not_csv"),
    "OpenDocument": (lambda: zipped(("mimetype", b"x"), ("content.xml", b"x")), "not_csv"),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(CSV)), "packed_twice"),
    "a zip in gzip": (lambda: gzip.compress(zipped(("a.csv", CSV))), "packed_twice"),
    "a zip in a zip": (lambda: zipped(("a.zip", zipped(("a.csv", CSV)))), "zip_nested"),
    "a zip named csv in a zip": (lambda: zipped(("a.csv", zipped(("a.csv", CSV)))), "zip_nested"),
    "two tables": (lambda: zipped(("a.csv", CSV), ("b/c.xlsx", ORDERS)), "zip_several"),
    "no table": (lambda: zipped(("a.jpg", b"x")), "zip_empty"),
    "an empty zip": (zipped, "zip_empty"),
    "a locked zip": (lambda: with_flag(zipped(("a.csv", CSV)), 1), "zip_password"),
    "a way out": (lambda: zipped(("../../a.csv", CSV)), "zip_paths"),
    "a path of its own": (lambda: zipped(("/etc/a.csv", CSV)), "zip_paths"),
    "a drive": (lambda: zipped(("C:\\a.csv", CSV)), "zip_paths"),
    "2,001 files": (lambda: zipped(*((f"{n}.txt", b"") for n in range(2001))), "zip_entries"),
    "30,000 files": (lambda: zipped(*((f"{n}.txt", b"") for n in range(30_000))), "zip_entries"),
    "half a zip": (lambda: zipped(("a.csv", CSV * 50))[:-30], "zip_broken"),
    "a zip whose text was changed": (lambda: zipped(("a.csv", CSV), compression=0).replace(b",100", b",900"), "zip_broken"),
    "half a gzip": (lambda: gzip.compress(CSV * 50)[:-12], "gzip_broken"),
    "a bomb in a zip": (lambda: zipped(("a.csv", bytes(20 << 20))), "zip_bomb"),
    "a bomb of a workbook": (lambda: zipped(("xl/workbook.xml", b"x"), (SHEET, SPACES)), "zip_bomb"),
    "a workbook that declares too little": (lambda: lying(SHEET, SPACES), "xlsx_broken"),
    "a workbook without a book": (lambda: zipped(("xl/workbook.xml", b"<x/>")), "xlsx_broken"),
    "a workbook with broken XML": (lambda: patched(b"<sheetData>", b"<sheetData"), "xlsx_broken"),
    "a workbook without rows": (lambda: book(lambda workbook: workbook.add_worksheet().write(0, 0, "注文番号")), "header_only"),
    "one cell far out": (lambda: patched(b'r="B2"', b'r="XFD1048576"'), "sheet_sparse"),
    "one cell far out, quoted otherwise": (lambda: patched(b'r="B2"', b"r = 'xfd1048576'"), "sheet_sparse"),
    "one cell far out, far from its sign": (lambda: patched(b'r="B2"', b"r" + b" " * 5_000 + b'="XFD1048576"'), "sheet_sparse"),
    "one cell beyond all columns": (lambda: patched(b'r="B2"', b'r="AAAZ2"'), "sheet_sparse"),
    "one cell beyond all columns, quoted otherwise": (lambda: patched(b'r="B2"', b"r='ABCDE2'"), "sheet_sparse"),
    "one row far down": (lambda: patched(b'<row r="2"', b'<row r="100000000"'), "sheet_sparse"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_at_once_in_little_memory(written: Written, name: str) -> None:
    make, code = BAD[name]
    path = written(make())
    tracemalloc.start()
    began = time.process_time()
    assert refused(path).code == code
    assert time.process_time() - began < 1.5  # under tracemalloc, which slows it down
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_names_of_several_files_are_told(written: Written) -> None:
    files = [(f"{n:02}.csv", CSV) for n in range(12)]
    assert refused(written(zipped(*files))).params["names"] == ", ".join(name for name, _ in files[:10]) + " …"


def test_a_gzip_bomb_stops(written: Written) -> None:
    out = io.BytesIO()
    with gzip.open(out, "wb") as file:
        for _ in range(80):
            file.write(bytes(1 << 20))
    path = written(out.getvalue())
    with open_container(path) as container, container.open() as stream:
        assert stream.read(64 << 20)
        with pytest.raises(FileRefused) as caught:
            stream.read(16 << 20)
    assert caught.value.code == "gzip_bomb"


@rules(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_spoilt_file_is_read_or_refused_and_nothing_else(written: Written, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([ORDERS, zipped(("a.csv", CSV)), zipped(("a.xlsx", ORDERS)), gzip.compress(CSV)]))
    spoilt = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(spoilt)), st.integers(1, len(spoilt))))
    try:
        with open_container(written(bytes(spoilt[:cut]))) as container:
            if container.kind == "rows":
                list(container.rows())
            else:
                with container.open() as stream:
                    stream.read()
    except FileRefused as fault:
        assert str(fault)  # noqa: PT017 - either outcome is right
