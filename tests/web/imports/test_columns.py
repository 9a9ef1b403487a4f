"""The form of columns: examples, joined columns, and how people are told apart."""

from app.purchases.import_schemas import FilePreview, Mapping
from app.purchases.models import FileTable
from app.web.imports.columns import columns_view, shorten

HEADERS = ("注文番号", "会員ID", "メール", "電話", "姓", "名", "金額")
ROWS = (
    ("1", "", "", "", "", "", "980"),
    ("2", "C1", "a@example.jp", "090", "金糸雀", "花子", "3960"),
    ("3", "", "b@example.jp", "", "", "", "3960"),
    ("4", "", "", "0901", "雀", "一", "3960"),
    ("5", "c@example.jp", "", "", "", "", "3960"),
    ("6", "", "", "0902", "", "", "3960"),
)
MAPPING = Mapping(
    columns={
        "customer_key": "会員ID",
        "email": "メール",
        "phone": "電話",
        "customer_name": "姓 + 名",
        "line_amount": "金額",
    },
    time_zone="Asia/Seoul",
    currency="THB",
)
PREVIEW = FilePreview("cp932", ",", HEADERS, ROWS, MAPPING, ())


def test_rows_are_told_apart_by_the_first_key_they_have() -> None:
    view = columns_view(PREVIEW, FileTable.ORDERS)
    assert [count for _, count in view.keys] == [1, 2, 1, 2]
    assert view.looked_at == 6


def test_each_column_shows_its_first_filled_cell_and_joined_ones_are_not_lost() -> None:
    view = columns_view(PREVIEW, FileTable.ORDERS)
    choices = dict(view.headers)
    assert choices["会員ID"] == "会員ID — C1"
    assert choices["姓 + 名"] == "姓 + 名 — 金糸雀 花子"
    assert view.used["姓"] == view.used["名"] == "customer_name"
    assert view.unused == 1


def test_what_the_file_says_of_itself_is_among_the_choices() -> None:
    view = columns_view(PREVIEW, FileTable.ORDERS)
    assert ("THB", "THB") in view.currencies
    assert ("Asia/Seoul", "Asia/Seoul") in view.zones
    assert len(view.rows) == 5


def test_the_most_needed_columns_come_first_and_every_column_once() -> None:
    view = columns_view(PREVIEW, FileTable.ORDERS)
    names = [item.name for group in (*view.common, *view.rare) for item in group.fields]
    assert len(names) == len(set(names))
    assert {"customer_key", "ordered_at", "line_amount", "unit_price"} <= {
        item.name for group in view.common for item in group.fields
    }


def test_long_cells_are_cut_to_one_short_line() -> None:
    assert shorten("a\n b") == "a b"
    assert len(shorten("あ" * 80)) == 24
