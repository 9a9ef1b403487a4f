"""Files that cannot be taken: one clear sentence, nothing kept."""

import gzip
import io
import tracemalloc
import zipfile

import pytest

from app.purchases import operations
from app.purchases.models import ImportState
from tests.purchases.build import HEADERS, Shop, row, text_of

HEADER = ",".join(HEADERS)


def excel() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/workbook.xml", "<x/>")
    return out.getvalue()


FILES = {
    "empty": (b"", "file_empty"),
    "blank lines": (b"\n\r\n  \n", "file_empty"),
    "header only": (HEADER.encode(), "header line but no rows"),
    "renamed xlsx": (excel(), "Excel"),
    "NUL bytes": (f"{HEADER}\n1,c,2026-01-01,A,B,1,1\x0000,\n".encode(), "NUL"),
    "no encoding": (HEADER.encode() + b"\n\xff\xfd\xfe,\x80\xa0", "encoding"),
    "broken in the middle": (text_of(row()).encode() + b"\xff\n", "encoding"),
    "a column missing": ("注文番号,注文日,単価\n1,2026-01-01,100\n".encode(), "No column was found"),
    "three date styles": (
        text_of(row(day="2026-01-01"), row(day="01/02/2026"), row(day="20260103")).encode(),
        "more than one style",
    ),
    "day or month": (text_of(row(day="01/02/2026"), row(day="03/04/2026")).encode(), "does not tell day from month"),
    "three date styles, one of them in letters": (
        text_of(row(day="2026-01-01"), row(day="2026/01/02"), row(day="Jan 3, 2026")).encode(),
        "more than one style",
    ),
    "three date styles, one of them an era": (
        text_of(row(day="2026-01-01"), row(day="2026/01/02"), row(day="令和8年1月3日")).encode(),
        "more than one style",
    ),
    "only a byte order mark": (b"\xef\xbb\xbf", "file_empty"),
    "NULs in UTF-16": (text_of(row(name="A\x00B")).encode("utf-16"), "NUL"),
    "only a negative quantity": (text_of(row(quantity=-1)).encode(), "Every row was held back"),
    "open quote": (f'{HEADER}\n1,c,2026-01-01,"A,B,1,100,\n'.encode(), "quotation mark"),
    "ten megabyte line": (f"{HEADER}\n1,c,2026-01-01,A,{'B' * 10_000_000},1,100,\n".encode(), "longer than"),
    "broken gzip": (gzip.compress(text_of(row()).encode())[:-12], "damaged"),
    "lone surrogate": (b"\xff\xfe" + "注文番号,".encode("utf-16-le") + b"\x00\xd8", "encoding"),
}
SENTENCES = {"file_empty": "The file is empty."}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_gets_a_sentence_and_leaves_nothing(shop: Shop, name: str) -> None:
    data, part = FILES[name]
    public_id, held = shop.check(data)
    run = shop.run(public_id)
    assert run.state is ImportState.UPLOADED
    assert SENTENCES.get(part, part) in run.error_message
    assert not held
    assert not shop.people()
    assert not list(shop.store.orders_dir.glob("*.parquet"))


def test_the_three_date_styles_are_named_with_their_column(shop: Shop) -> None:
    public_id, _ = shop.check(FILES["three date styles"][0])
    params = shop.run(public_id).error_params
    assert params == {"column": "注文日", "examples": "2026-01-01, 01/02/2026, 20260103", "code": "dates_mixed"}


def test_date_order_lets_mixed_styles_in(shop: Shop) -> None:
    public_id, _ = shop.check(FILES["three date styles"][0], options={"date_order": "dmy"})
    assert shop.report(public_id).last_order_on.isoformat() == "2026-02-01"  # type: ignore[union-attr]  # there is one


@pytest.mark.parametrize("rows", [1, 40_000], ids=["at the start", "further down"])
def test_an_encoding_that_was_named_wrongly_is_what_is_blamed(shop: Shop, rows: int) -> None:
    data = text_of(*(row(name="lotion") for _ in range(rows)), row(name="化粧水\ue000")).encode()
    plain = data.replace(
        HEADER.encode(), b"order_id,customer_id,date,product_code,product_name,quantity,unit_price,status"
    )
    public_id, _ = shop.check(plain, options={"encoding": "euc-jp"})
    assert shop.run(public_id).error_params == {"name": "euc_jis_2004", "code": "encoding_unreadable"}


def test_rows_of_separators_alone_are_no_rows(shop: Shop) -> None:
    text = text_of(row()) + "," * (len(HEADERS) - 1) + "\r\n" + " ,\u3000" + "," * (len(HEADERS) - 2) + "\r\n"
    public_id, held = shop.check(text)
    assert (shop.report(public_id).rows_read, shop.report(public_id).taken, held) == (1, 1, ())


def test_a_day_number_of_excel_among_dates_is_its_day(shop: Shop) -> None:
    public_id, held = shop.check(text_of(row(day="2026-01-01"), row(order="2", day="46024.5"), row(order="3", day="1")))
    assert shop.report(public_id).last_order_on.isoformat() == "2026-01-02"  # type: ignore[union-attr]  # there is one
    assert [item.value for item in held] == ["1"]


def test_blank_lines_before_and_between_rows_are_no_rows(shop: Shop) -> None:
    header, good = text_of(row()).splitlines()
    text = "\n\n" + header + "\n" * 9 + good + "\n" * 3 + good.replace("2026-01-01", "いつか") + "\n"
    public_id, held = shop.check(text.replace(",", "\t"))
    assert (shop.report(public_id).rows_read, shop.report(public_id).taken) == (2, 1)
    assert [item.line for item in held] == [15]


def test_a_price_times_a_quantity_beyond_all_numbers_is_held_back(shop: Shop) -> None:
    public_id, held = shop.check(text_of(row(), row(order="2", quantity=999_999_999_999, price=999_999_999_999)))
    assert shop.report(public_id).taken == 1
    assert [(item.line, item.column, item.value) for item in held] == [(3, "単価", "999999999999")]


def test_a_yen_sign_of_a_shift_jis_file_is_no_fault(shop: Shop) -> None:
    text = text_of(row(price="\\3,000"), row(order="2", price="-\\3,000"), row(order="3", price="\\3.000"))
    public_id, held = shop.check(text.encode("cp932"))
    assert shop.report(public_id).amount == {"JPY": 3000}
    assert [item.line for item in held] == [3, 4]


def test_a_gzip_bomb_is_refused_in_little_memory(shop: Shop) -> None:
    out = io.BytesIO()
    with gzip.open(out, "wb") as file:
        file.write(b"order_id,customer_id,ordered_on,amount,note\n")
        for _ in range(90):
            file.write((b"1,c,2026-01-01,500," + b"x" * 2000 + b"\n") * 520)
    tracemalloc.start()
    public_id, _ = shop.check(out.getvalue())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "unpacks to far more" in shop.run(public_id).error_message
    assert peak < 300_000_000  # a few blocks of 32 MB at once, as bytes and as text


def test_a_bad_row_does_not_stop_the_good_ones(shop: Shop) -> None:
    data = text_of(
        row(order="1"),
        row(order="2", day="2026-02-30"),
        row(order="3", price="千円"),
        row(order="4", quantity="1.5"),
        row(order="5", customer=""),  # nobody knows who: taken all the same
        row(order="", day="2026-01-02"),
        row(order="7", day=""),
        row(order="8", quantity=-2),
        ("9", "c1"),
    )
    public_id, held = shop.check(data)
    report = shop.report(public_id)
    assert (report.rows_read, report.taken, report.held_back_rows) == (9, 2, 7)
    assert [(item.line, item.column, item.value) for item in held] == [
        (3, "注文日", "2026-02-30"),
        (4, "単価", "千円"),
        (5, "数量", "1.5"),
        (7, "注文番号", ""),
        (8, "注文日", ""),
        (9, "数量", "-2"),
        (10, "", ""),
    ]


def test_line_numbers_are_those_of_the_file_when_cells_hold_line_breaks(shop: Shop) -> None:
    data = text_of(row(order="1", name="美容液\n30mL\n"), row(order="2", day="いつか"))
    _, held = shop.check(data)
    assert [item.line for item in held] == [5]


def test_the_held_back_rows_come_back_as_they_were(shop: Shop) -> None:
    from app.purchases import queries

    public_id, _ = shop.check(text_of(row(order="1"), row(order="2", day="", name="=cmd()")))
    shown = "".join(queries.held_back_csv(shop.store, shop.run(public_id)))
    assert "3,The order date is empty" in shown
    assert "'=cmd()" in shown
    assert shown.count("\r\n") == 2


def test_a_repeated_line_number_and_a_yen_point_are_held_back(shop: Shop) -> None:
    headers = (*HEADERS, "注文詳細ID")
    rows = [
        (*row(order="1"), "501"),
        (*row(order="1"), "501"),
        (*row(order="2", price="3.960円"), "502"),
        (*row(order="3", price="3,960円"), "503"),
    ]
    public_id, held = shop.check(text_of(*rows, headers=headers))
    assert [(item.line, item.column, item.value) for item in held] == [(3, "注文詳細ID", "501"), (4, "単価", "3.960円")]
    assert shop.report(public_id).amount == {"JPY": 4960}


def test_trouble_nobody_foresaw_leaves_a_sentence_and_the_old_state(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.purchases import tasks

    public_id, _ = shop.check(text_of(row()))
    shop.confirm(public_id)

    def break_off(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tasks, "build_version", break_off)
    with pytest.raises(OSError, match="No space"):
        tasks.run_import(shop.parts, public_id)
    run = shop.run(public_id)
    assert run.state is ImportState.FAILED
    assert "nothing was taken" in run.error_message
    assert not shop.people()


@pytest.mark.parametrize(
    ("named", "currency", "held"),
    [
        (("USD", "usd", ""), "USD", 0), (("ＵＳＤ", "EUR", "USD"), "USD", 1), (("JPY", "USD", "JPY"), "JPY", 1), (("", "", ""), "JPY", 0),
        (("円", "日本円", "yen"), "JPY", 0), (("¥", "￥", "ABC"), "JPY", 1), (("ALL", "", ""), "JPY", 1), (("¥", "USD", "\\"), "JPY", 1),
        (("USD", "JPY", ""), "JPY", 1), (("£", "£", "EUR"), "GBP", 1), (("AUD", "AUD", "USD"), "AUD", 1),
    ],
)  # fmt: skip
def test_a_new_file_is_in_the_currency_that_most_of_its_rows_name(
    shop: Shop, named: tuple[str, ...], currency: str, held: int
) -> None:
    rows = (f"{n},c{n},2026-01-0{n},19.50,{code}\n" for n, code in enumerate(named, 1))
    data = "注文番号,顧客ID,注文日,金額,通貨\n" + "".join(rows)
    public_id, found = shop.check(data.replace(".50", "") if currency == "JPY" else data)
    assert (len(found), list(shop.report(public_id).amount)) == (held, [currency])
    given, _ = shop.check(data, source="other", options={"currency": "JPY"})
    assert shop.run(given).mapping["currency"] == "JPY"
    fresh = shop.upload(data.encode(), source="new")
    assert operations.inspect(shop.store, shop.run(fresh)).mapping.currency == currency


def test_a_later_file_of_a_source_stays_in_its_currency(shop: Shop) -> None:
    shop.take("注文番号,顧客ID,注文日,金額\n1,c1,2026-01-01,100\n")
    rows = "2,c1,2026-01-02,1900,USD\n3,c1,2026-01-03,1900,USD\n4,c1,2026-01-04,2000,JPY\n"
    later = shop.upload(f"注文番号,会員番号,注文日,金額,通貨\n{rows}".encode())
    found = operations.inspect(shop.store, shop.run(later)).mapping
    assert (found.currency, found.columns["customer_key"], found.columns["currency"]) == ("JPY", "会員番号", "通貨")


def test_a_row_in_another_currency_is_held_back(shop: Shop) -> None:
    """Two currencies are never added."""
    data = "注文番号,顧客ID,注文日,金額,通貨\n1,c1,2026-01-01,100,JPY\n2,c1,2026-01-02,3000,usd\n3,c2,2026-01-03,50,\n"
    public_id, held = shop.check(data)
    assert [(item.line, item.column, item.value) for item in held] == [(3, "通貨", "usd")]
    assert shop.report(public_id).amount == {"JPY": 150}
