"""A member file goes the same road as orders: recognised, checked, taken, known the second time, undone."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from app.core.database import read_session, write_session
from app.purchases import operations, queries
from app.purchases.identity.keys import mail_keys
from app.purchases.models import FileTable, ImportState
from app.purchases.other.members import settle_prepared
from app.purchases.other.queries import attribute_overview, attributes_by_customer, customer_attributes
from app.purchases.tasks import run_check, run_import
from tests.purchases.build import Shop, row, text_of

HEADERS = (
    "会員ID",
    "お名前(姓)",
    "お名前(名)",
    "メールアドレス",
    "性別",
    "生年月日",
    "都道府県",
    "職業",
    "メルマガ可否",
    "週の使用回数",
)
ORDERS = text_of(
    *(row(order=str(n), customer=f"c{n}") for n in range(1, 5)), row(order="9", customer="c1", day="2026-03-01")
)


def member(
    number: str = "c1", *, name: str = "花子", mail: str = "", sex: str = "女性", born: str = "1985/03/02", living: str = "東京",
    job: str = "会社員", mails: str = "可", use: str = "7回",
) -> tuple[str, ...]:  # fmt: skip
    return (number, "山田", name, mail or f"{number}@example.jp", sex, born, living, job, mails, use)


def members(*rows: tuple[str, ...], encoding: str = "cp932") -> bytes:
    return text_of(*rows, headers=HEADERS).encode(encoding)


def upload(shop: Shop, data: bytes, name: str = "customers.csv") -> str:
    public_id = shop.upload(data, name=name)
    with write_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        assert operations.inspect(shop.store, run).table is FileTable.MEMBERS
        operations.set_table(session, run=run, table=FileTable.MEMBERS)
    return public_id


def check(shop: Shop, data: bytes, name: str = "customers.csv", keep: dict[str, str] | None = None) -> str:
    public_id = upload(shop, data, name)
    with read_session(shop.parts.engine) as session:
        mapping = operations.inspect(shop.store, queries.get_import(session, public_id)).mapping
    with write_session(shop.parts.engine) as session:
        run = queries.get_import(session, public_id)
        operations.set_mapping(
            session, run=run, mapping=mapping.model_copy(update={"columns": keep or mapping.columns})
        )
        operations.request_check(session, run=run)
    run_check(shop.parts, public_id)
    return public_id


def take(shop: Shop, data: bytes, name: str = "customers.csv") -> str:
    public_id = check(shop, data, name)
    shop.confirm(public_id)
    run_import(shop.parts, public_id)
    assert shop.run(public_id).state is ImportState.DONE, shop.run(public_id).error_message
    return public_id


def known_of(shop: Shop, customer: str) -> dict[str, str]:
    ref = shop.store.customer_ref("shop", customer)
    with read_session(shop.parts.engine) as session:
        return {one.name: one.value for one in customer_attributes(session, shop.store, customer_ref=ref)}


def test_members_get_their_attributes_and_contact_data_lies_apart(shop: Shop) -> None:
    shop.take(ORDERS)
    public_id = take(
        shop, members(member("c1"), member("c2", sex="1", born="", living="", mails="不可"), member("c77"))
    )
    report = shop.report(public_id)
    assert (report.rows_read, report.taken, report.known, report.held_back_rows) == (3, 3, 0, 0)
    assert (report.customers, report.customers_in_orders, report.customers_not_in_orders) == (3, 2, 1)
    assert known_of(shop, "c1") == {
        "sex": "female", "birth_year": "1985", "birth_month": "3", "age_band": "40", "prefecture": "東京都",
        "occupation": "会社員", "mail_refused": "no", "週の使用回数": "7回",
    }  # fmt: skip
    assert known_of(shop, "c2")["mail_refused"] == "yes"
    kept = pq.read_table(shop.store.attributes_path(public_id)).to_pylist()
    for secret in ("山田", "花子", "example.jp", "1985/03/02", "1985-03-02"):
        assert secret not in repr(kept)
    with read_session(shop.parts.engine) as session:
        contact = queries.contact(session, shop.store, source="shop", customer_id="c1")
        assert contact is not None
        assert (contact.name, contact.email) == ("山田 花子", "c1@example.jp")
    assert not shop.store.upload_dir(public_id).exists()


def test_the_same_file_adds_nothing_a_later_one_changes_and_undo_brings_the_older_values_back(shop: Shop) -> None:
    shop.take(ORDERS)
    data = members(member("c1", use="3回"), member("c2"))
    take(shop, data)
    again = check(shop, data)
    assert (shop.report(again).taken, shop.report(again).known) == (0, 2)
    later = take(shop, members(member("c1", use="7回"), member("c2"), member("c3")))
    assert (shop.report(later).taken, shop.report(later).known, shop.report(later).changed) == (2, 1, 1)
    assert known_of(shop, "c1")["週の使用回数"] == "7回"
    shop.undo(later)
    assert known_of(shop, "c1")["週の使用回数"] == "3回"
    assert known_of(shop, "c3") == {}
    assert not shop.store.attributes_path(later).exists()


def test_rows_that_cannot_be_read_are_held_back_with_line_column_and_reason(shop: Shop) -> None:
    shop.take(ORDERS)
    rows = (
        member("c1"), member("c2", sex="たぶん"), member("c3", born="きのう"), member("c4", living="東京都港区1-2"), member("c1"),
        member("c1", use="1回"),
    )  # fmt: skip
    public_id = check(shop, members(*rows))
    report = shop.report(public_id)
    assert (report.rows_read, report.taken, report.known, report.held_back_rows) == (6, 1, 1, 4)
    assert [(one.line, one.column, one.value) for one in report.held_back_sample] == [
        (3, "性別", "たぶん"), (4, "生年月日", "きのう"), (5, "都道府県", "東京都港区1-2"), (7, "会員ID", "c1"),
    ]  # fmt: skip


def test_members_without_a_number_are_known_by_mail(shop: Shop) -> None:
    headers = ("メールアドレス", "性別")
    shop.take(
        text_of(
            row(customer="A@example.jp"),
            headers=("注文番号", "顧客ID", "注文日", "商品コード", "商品名", "数量", "単価", "対応状況"),
        )
    )
    key = mail_keys(["a@example.jp"], secret=shop.store.secret).to_pylist()[0]
    take(shop, text_of(("a@example.jp", "女性"), headers=headers).encode())
    assert known_of(shop, key) == {"sex": "female"}


def test_a_person_leaves_a_column_out_and_it_is_remembered(shop: Shop) -> None:
    shop.take(ORDERS)
    public_id = upload(shop, members(member("c1")))
    with read_session(shop.parts.engine) as session:
        found = operations.inspect(shop.store, queries.get_import(session, public_id))
    assert [(one.header, one.kept) for one in found.further] == [("週の使用回数", True)]
    columns = {name.replace("attribute:", "drop:"): header for name, header in found.mapping.columns.items()}
    first = check(shop, members(member("c1")), keep=columns)
    shop.confirm(first)
    run_import(shop.parts, first)
    assert "週の使用回数" not in known_of(shop, "c1")
    second = upload(shop, members(member("c2")))
    with read_session(shop.parts.engine) as session:
        again = operations.inspect(shop.store, queries.get_import(session, second))
    assert [(one.header, one.kept) for one in again.further] == [("週の使用回数", False)]


def test_an_age_becomes_a_year_of_birth_where_the_file_tells_its_day(shop: Shop) -> None:
    shop.take(ORDERS)
    data = text_of(("c1", "34"), headers=("会員ID", "年齢")).encode()
    take(shop, data, "kaiin_20251101.csv")
    assert known_of(shop, "c1") == {"birth_year": "1991", "age_band": "30"}
    take(shop, text_of(("c2", "34"), headers=("会員ID", "年齢")).encode(), "kaiin.csv")
    assert known_of(shop, "c2") == {"age_band": "30"}


def test_overview_and_values_by_customer(shop: Shop) -> None:
    shop.take(ORDERS)
    take(shop, members(member("c1"), member("c2", sex="男"), member("c9")))
    with read_session(shop.parts.engine) as session:
        found = attribute_overview(session, shop.store)
        by_ref = attributes_by_customer(session, shop.store, names=["sex", "prefecture"])
    sex = found.attributes[0]
    assert (sex.name, sex.known, sex.unknown, found.without_orders) == ("sex", 2, 2, 1)
    assert by_ref[shop.store.customer_ref("shop", "c2")] == {"sex": "male", "prefecture": "東京都"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_members_come_in_any_encoding(shop: Shop, encoding: str) -> None:
    shop.take(ORDERS)
    assert shop.report(check(shop, members(member("c1"), encoding=encoding))).taken == 1


def test_imports_are_undone_in_any_order_and_one_killed_in_the_middle_goes_on(shop: Shop) -> None:
    shop.take(ORDERS)
    first = take(shop, members(member("c1", use="1回", job="会社員")))
    second = take(shop, members(member("c1", use="2回", job="")))
    third = check(shop, members(member("c1", use="3回", job="学生")))
    shop.confirm(third)
    settle_prepared(
        shop.store, shop.store.upload_dir(third), third
    )  # killed right after: the state still says importing
    run_import(shop.parts, third)
    assert (known_of(shop, "c1")["週の使用回数"], known_of(shop, "c1")["occupation"]) == ("3回", "学生")
    shop.undo(second)
    assert known_of(shop, "c1")["週の使用回数"] == "3回"
    shop.undo(third)
    assert (known_of(shop, "c1")["週の使用回数"], known_of(shop, "c1")["occupation"]) == ("1回", "会社員")
    shop.undo(first)
    assert known_of(shop, "c1") == {}
    assert not list(shop.store.orders_dir.glob("attributes-*"))
    assert not list(shop.store.contacts_dir.glob("*.parquet"))


def test_members_come_as_a_workbook(shop: Shop, tmp_path: Path) -> None:
    shop.take(ORDERS)
    book = xlsxwriter.Workbook(tmp_path / "members.xlsx")
    sheet = book.add_worksheet("会員")
    day = book.add_format({"num_format": "yyyy/mm/dd"})
    sheet.write_row(0, 0, ("会員ID", "性別", "生年月日"))
    sheet.write_row(1, 0, ("c1", "女性"))
    sheet.write_datetime(1, 2, datetime(1985, 3, 2, tzinfo=UTC).replace(tzinfo=None), day)
    book.close()
    take(shop, (tmp_path / "members.xlsx").read_bytes(), "members.xlsx")
    assert known_of(shop, "c1") == {"sex": "female", "birth_year": "1985", "birth_month": "3", "age_band": "40"}
