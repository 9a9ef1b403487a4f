"""Whose row it is: the shop's number, else the mail address, else phone and name, else nobody."""

import hashlib
import hmac

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.purchases.identity.contact_table import fold_all
from app.purchases.identity.keys import customer_keys, mail_keys, phone_keys
from app.purchases.identity.people import fold, plain_address, plain_mail, plain_phone

SECRET = b"k" * 32


def one(number: str = "", mail: str = "", phone: str = "", name: str = "") -> tuple[str, str]:
    keys, kinds = customer_keys([number], [mail], [phone], [name], secret=SECRET)
    return keys[0].as_py(), kinds[0].as_py()


def hashed(prefix: str, *parts: str) -> str:
    return prefix + hmac.digest(SECRET, "\0".join(parts).encode(), hashlib.sha256).hex()[:20]


def test_the_number_comes_before_the_mail_before_phone_and_name() -> None:
    mail = hashed("mail-", "mail", "hana@shop.example")
    phone = hashed("tel-", "tel", "09077110001", "山田花子")
    assert one("1001", "hana@shop.example", "090-7711-0001", "山田 花子") == ("1001", "id")
    assert one("", "hana@shop.example", "090-7711-0001", "山田 花子") == (mail, "mail")
    assert one("", "", "090-7711-0001", "山田 花子") == (phone, "phone")
    assert one("", "", "090-7711-0001", "") == ("", "")
    assert one("", "", "", "山田 花子") == ("", "")
    assert one() == ("", "")


@pytest.mark.parametrize(
    "number", ["guest", "Guest", "GUEST", "0", "-", "ゲスト", "非会員", "ゲスト購入", "null", "N/A", "未登録"]
)
def test_what_shops_write_for_nobody_is_no_number(number: str) -> None:
    assert one(number) == ("", "")
    assert one(number, "a@b.example")[1] == "mail"


@pytest.mark.parametrize("number", ["00", "10", "000123", "guest01", "G-1", "ゲスト太郎", "12345.0"])
def test_a_number_that_only_looks_like_one_of_those_is_kept(number: str) -> None:
    assert one(number) == (number, "id")


@pytest.mark.parametrize(
    "mail",
    [
        "abc123xyz@pc.fw.rakuten.ne.jp",
        "ABC@mb.fw.rakuten.ne.jp",
        "hana",
        "hana@",
        "@shop.example",
        "hana@shop",
        "a@b@c.example",
        "noreply@shop.example",
        "dummy@dummy.example",
        "a b@,shop.example",
    ],
)
def test_an_alias_of_a_mall_or_no_address_at_all_is_no_key(mail: str) -> None:
    assert one("", mail) == ("", "")
    assert one("", mail, "03-1234-5678", "山田花子")[1] == "phone"


def test_an_alias_as_the_number_is_no_key_and_another_number_with_an_at_is_hashed() -> None:
    assert one("abc123xyz@pc.fw.rakuten.ne.jp") == ("", "")
    assert one("HANA@Shop.example") == one("", "hana@shop.example")
    key, kind = one("hana@home")
    assert kind == "mail"
    assert "hana" not in key


def test_mail_is_one_person_in_any_width_and_case() -> None:
    assert (
        len(
            {
                one("", text)[0]
                for text in ("Hana@Shop.Example", "ｈａｎａ＠ｓｈｏｐ．ｅｘａｍｐｌｅ", " hana@shop.example ")
            }
        )
        == 1
    )


@pytest.mark.parametrize(
    "phone",
    ["090-7711-0001", "09077110001", "０９０－７７１１－０００１", "+81 90-7711-0001", "+81(0)90 7711 0001", "(090)7711 0001",
     "9077110001", "0081 90 7711 0001", "'+819077110001", "090 7711 0001"],
)  # fmt: skip
def test_phone_is_one_number_however_it_is_written(phone: str) -> None:
    assert plain_phone(phone) == "09077110001"


@pytest.mark.parametrize("phone", ["", "-", "12345678", "0000000000", "000-0000-0000", "09000000000", "なし", "1" * 16])
def test_what_cannot_be_a_phone_number_is_none(phone: str) -> None:
    assert plain_phone(phone) == ""


def test_names_are_one_in_any_width_case_and_spacing() -> None:
    assert one("", "", "0312345678", "ﾔﾏﾀﾞ ハナコ") == one("", "", "03-1234-5678", "ヤマダハナコ")
    assert one("", "", "0312345678", "Hana YAMADA") == one("", "", "0312345678", "hana yamada")
    assert one("", "", "0312345678", "山田花子") != one("", "", "0312345678", "山田太郎")
    assert one("", "", "0312345678", "ゲスト") == ("", "")


def test_a_column_of_good_numbers_comes_back_itself() -> None:
    ids = pa.array(["1", "2", "2"])
    keys, kinds = customer_keys(ids, secret=SECRET)
    assert keys is ids
    assert kinds.to_pylist() == ["id"] * 3


def test_missing_columns_nulls_chunks_and_dictionaries() -> None:
    ids = pa.chunked_array([["1", None], ["guest"]])
    mails = pa.array(["", "a@b.example", None]).dictionary_encode()
    keys, kinds = customer_keys(ids, mails, secret=SECRET)
    assert kinds.to_pylist() == ["id", "mail", ""]
    assert keys.to_pylist()[::2] == ["1", ""]
    assert customer_keys(None, None, ["0312345678"], ["山田"], secret=SECRET)[1].to_pylist() == ["phone"]
    assert customer_keys(pa.array([], pa.string()), secret=SECRET)[0].to_pylist() == []


def test_keys_of_columns_are_those_of_rows() -> None:
    mails, phones, names = ["a@b.example", "", "x"], ["0312345678", "0312345678", ""], ["山田", "", "山田"]
    assert mail_keys(mails, secret=SECRET).to_pylist() == [one("", mail)[0] for mail in mails]
    expected = [one("", "", phone, name)[0] for phone, name in zip(phones, names, strict=True)]
    assert phone_keys(phones, names, secret=SECRET).to_pylist() == expected


CELL = st.sampled_from(["", "guest", "7", "A1", "0"])
MAIL = st.sampled_from(["", "a@b.example", "A@B.example", "bad", "q@pc.fw.rakuten.ne.jp"])
PHONE = st.sampled_from(["", "0312345678", "03-1234-5678", "123"])
NAME = st.sampled_from(["", "山田 花子", "山田花子", "ゲスト"])


@given(st.lists(st.tuples(CELL, MAIL, PHONE, NAME), min_size=1, max_size=30))
def test_a_row_has_the_same_key_alone_and_among_others(rows: list[tuple[str, str, str, str]]) -> None:
    keys, kinds = customer_keys(*map(list, zip(*rows, strict=True)), secret=SECRET)
    assert list(zip(keys.to_pylist(), kinds.to_pylist(), strict=True)) == [one(*row) for row in rows]


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_it_and_a_hash_never_shows_what_it_hides(number: str, mail: str, phone: str, name: str) -> None:
    keep = [text.replace("\0", "").encode("utf-8", "ignore").decode() for text in (number, mail, phone, name)]
    key, kind = one(*keep)
    assert (kind == "") == (key == "")
    if kind in {"mail", "phone"}:
        assert key.removeprefix("mail-").removeprefix("tel-").isalnum()


def test_the_folding_of_searches() -> None:
    assert fold("ﾔﾏﾀﾞ　ハナコ") == fold("やまだはなこ") == fold("ヤマダ ハナコ")
    assert fold("髙橋 サーラ") == fold("高橋サラ")
    assert fold("Ｈａｎａ-Ko") == "hanako"


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0\uffff", exclude_categories=["Cs"]), max_size=12),
        min_size=1,
        max_size=8,
    )
)
def test_a_column_is_folded_as_its_cells_are(texts: list[str]) -> None:
    samples = [*texts, "ﾔﾏﾀﾞ　ハナコ", "髙橋 サーラ", "𠮷田-Ｔａｒｏ", ""]
    assert fold_all(samples) == [fold(text) for text in samples]


def test_addresses_are_one_however_the_block_is_written() -> None:
    same = {plain_address(text) for text in ("東京都港区芝１丁目２番３号", "東京都港区芝1-2-3", "東京都港区芝 1−2−3")}
    assert len(same) == 1
    assert plain_address("芝1-23") != plain_address("芝12-3")


def test_plain_mail_is_idempotent() -> None:
    assert plain_mail(plain_mail("Hana@Shop.Example")) == "hana@shop.example"


@pytest.mark.parametrize("mail", ["x1y2@marketplace.amazon.co.jp", "guest@example.com", "x@example.com"])
def test_an_address_that_stays_with_its_owner_is_a_key(mail: str) -> None:
    assert one("", mail)[1] == "mail"
