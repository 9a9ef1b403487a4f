"""Names, addresses and numbers of people lie in the contact folder and nowhere else, however a file brings them."""

import gzip
import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.database import checkpoint, read_session
from app.purchases import queries
from tests.purchases.build import Shop, text_of
from tests.purchases.identity.shops import accept, pairs

HEADERS = (
    "注文番号", "会員ID", "受注日", "商品名", "個数", "価格", "お名前(姓)", "お名前(名)", "お名前(セイ)", "お名前(メイ)", "会社名",
    "郵便番号", "都道府県(名称)", "住所1", "住所2", "メールアドレス", "TEL", "配送先_お名前(姓)", "配送先_住所1", "配達用メモ",
)  # fmt: skip
CANARIES = (
    "金糸雀", "かなり屋", "カナリヤ", "canary", "7711-0", "77110", "106-8888", "1068888", "鳥籠町", "籠の鳥ビル", "止まり木商店",
    "受取人鸚哥", "インコ通り", "玄関先の鉢", "ｶﾅﾘﾔ",
)  # fmt: skip


def row(
    order: int, member: str, *, day: str = "2026-01-05", mail: str = "Canary-1@birds.example", price: str = "1000"
) -> tuple[str, ...]:
    return (
        str(order), member, day, "美容液", "1", price, "金糸雀", "かなり屋", "カナリヤ", "ｶﾅﾘﾔ", "止まり木商店", "106-8888", "東京都",
        "港区鳥籠町1-2-3", "籠の鳥ビル4階", mail, "090-7711-0001", "受取人鸚哥", "インコ通り9", "玄関先の鉢",
    )  # fmt: skip


FILE = text_of(
    row(1, "1001"),
    row(2, ""),
    row(3, "", mail="canary-2@birds.example"),
    row(4, "", mail=""),
    row(5, "canary-3@birds.example", mail=""),
    row(6, "1002", day="2026-13-45"),
    row(7, "1003", price="金糸雀"),
    headers=HEADERS,
)


def needles() -> list[bytes]:
    return [
        form for word in CANARIES for spelled in {word, word.upper(), word.capitalize()}
        for form in (spelled.encode(), spelled.encode("cp932"), spelled.encode("utf-16-le"))
    ]  # fmt: skip


def plain_bytes(path: Path) -> bytes:
    """Return a file's bytes; Parquet is also read out, for its pages are compressed."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return data + repr(pq.read_table(path).to_pydict()).encode()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def leaks(home: Path, *, without: Path | None = None) -> list[str]:
    found = []
    for path in home.rglob("*"):
        if path.is_file() and (without is None or without not in path.parents):
            data = plain_bytes(path)
            found += [f"{path.relative_to(home)}: {word!r}" for word in needles() if word in data]
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_contact_data_lies_in_the_contact_folder_only(
    shop: Shop, encoding: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    home = shop.parts.settings.home
    public_id = shop.take(FILE.encode(encoding))
    report = shop.report(public_id)
    assert (report.rows_read, report.taken, report.held_back_rows) == (7, 5, 2)
    for pair in sorted(map(sorted, pairs(shop)))[:1]:
        accept(shop, *pair)
    checkpoint(shop.parts.engine)
    assert leaks(home, without=shop.store.contacts_dir) == []
    assert leaks(shop.store.contacts_dir), "the canaries are not in the file at all"
    said = caplog.text + "".join(capfd.readouterr())
    assert [word for word in CANARIES if word in said] == []
    with read_session(shop.parts.engine) as session:
        everything = repr([session.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables(shop)])
    assert [word for word in CANARIES if word in everything] == []


def tables(shop: Shop) -> list[str]:
    from sqlmodel import SQLModel

    del shop
    return list(SQLModel.metadata.tables)


def test_the_uploaded_file_is_gone_after_import_and_what_it_brought_after_undo(shop: Shop) -> None:
    public_id = shop.take(FILE)
    assert not shop.store.upload_dir(public_id).exists()
    assert leaks(shop.store.uploads_dir) == []
    shop.undo(public_id)
    checkpoint(shop.parts.engine)
    assert leaks(shop.parts.settings.home) == []


def test_people_who_only_a_mail_or_a_phone_tells_apart_are_found_by_them(shop: Shop) -> None:
    shop.take(FILE)
    with read_session(shop.parts.engine) as session:
        mails = queries.find_customers(session, shop.store, text="canary-2@birds")
        phones = queries.find_customers(session, shop.store, text="+81 90 7711 0001")
    assert [one.customer_id[:5] for one in mails] == ["mail-"]
    assert {one.customer_id[:4] for one in phones} >= {"tel-", "1001"}
