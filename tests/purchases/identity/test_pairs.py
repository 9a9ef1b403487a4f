"""Which keys are suggested to be one person, for what reason, and how sure that is."""

import time

import pytest

from app.core.settings import Settings
from app.purchases import contacts
from app.purchases.identity.merges import Key
from app.purchases.identity.models import Strength
from app.purchases.identity.pairs import Pair, Pairs
from app.purchases.store import OrdersStore
from tests.purchases.identity.contact_files import person, write_contacts


@pytest.fixture
def store(settings: Settings) -> OrdersStore:
    return OrdersStore(settings)


def pairs(store: OrdersStore, *people: dict[str, str]) -> Pairs:
    found = contacts.pairs(store, [write_contacts(store, "first", *people)])
    assert found is not None
    return found


def only(store: OrdersStore, *people: dict[str, str]) -> Pair:
    (pair,) = pairs(store, *people).pairs
    return pair


def test_without_contact_files_there_is_nothing_to_look_at(store: OrdersStore) -> None:
    assert contacts.pairs(store, ["none"]) is None


def test_a_guest_and_a_member_with_one_mail_address(store: OrdersStore) -> None:
    pair = only(
        store,
        person("1001", name="山田 花子", mail="Hana@shop.example"),
        person("mail-0a1b", name="山田花子", mail="hana@shop.example"),
        person("1002", name="別の人", mail="other@shop.example"),
    )
    assert {pair.one, pair.other} == {Key("shop", "1001"), Key("shop", "mail-0a1b")}
    assert pair.reasons == ("mail",)
    assert pair.strength is Strength.STRONG


def test_two_sources_by_phone_and_name_in_either_writing(store: OrdersStore) -> None:
    pair = only(
        store,
        person("1001", name="髙橋 太郎", kana="ﾀｶﾊｼ ﾀﾛｳ", phone="+81 90-7711-0001"),
        person("tel-9", source="楽天市場", name="高橋太郎", kana="たかはしたろう", phone="09077110001"),
    )
    assert pair.reasons == ("phone_name", "phone_kana")
    assert {key.source for key in (pair.one, pair.other)} == {"shop", "楽天市場"}


def test_kana_alone_is_enough_beside_a_phone_number(store: OrdersStore) -> None:
    pair = only(
        store,
        person("1", name="山田花子", kana="ヤマダ ハナコ", phone="03-1234-5678"),
        person("2", name="佐藤花子", kana="やまだはなこ", phone="0312345678"),
    )
    assert pair.reasons == ("phone_kana",)
    assert pair.strength is Strength.STRONG


def test_one_mail_address_with_two_names_is_to_be_checked(store: OrdersStore) -> None:
    pair = only(
        store,
        person("1", name="山田花子", mail="yamada@shop.example"),
        person("2", name="山田太郎", mail="yamada@shop.example"),
    )
    assert pair.names_differ
    assert pair.strength is Strength.CHECK


def test_name_and_place_are_weak(store: OrdersStore) -> None:
    people = (
        person("1", name="山田花子", address="東京都港区芝1丁目2番3号", postal_code="105-0014"),
        person("2", name="山田 花子", address="東京都港区芝１−２−３", postal_code="1050014"),
        person("3", name="山田花子", address="東京都港区芝9-9-9", postal_code="105-0014"),
        person("4", name="山田花子", address="大阪市北区1-1", postal_code="530-0001"),
    )
    found = pairs(store, *people).pairs
    assert {pair.strength for pair in found} == {Strength.WEAK}
    reasons = {frozenset((pair.one.customer_id, pair.other.customer_id)): pair.reasons for pair in found}
    assert reasons == {
        frozenset("12"): ("name_address", "name_postal_code"),
        frozenset("13"): ("name_postal_code",),
        frozenset("23"): ("name_postal_code",),
    }


def test_what_is_no_sign_of_a_person_suggests_nothing(store: OrdersStore) -> None:
    assert not pairs(
        store,
        person("1", name="山田", phone="0312345678"),
        person("2", name="佐藤", phone="0312345678"),
        person("3", name="ゲスト", phone="09011112222"),
        person("4", name="ゲスト", phone="09011112222"),
        person("5", mail="a1@pc.fw.rakuten.ne.jp"),
        person("6", mail="a1@pc.fw.rakuten.ne.jp"),
        person("7", name="鈴木", address="", postal_code=""),
        person("8", name="鈴木"),
    ).pairs


def test_a_mail_address_of_the_shop_itself_suggests_nothing_and_is_counted(store: OrdersStore) -> None:
    found = pairs(store, *(person(str(n), name=f"人{n}", mail="info@shop.example") for n in range(6)))
    assert found.pairs == ()
    assert found.shared_values == 1


def test_an_earlier_address_of_a_key_still_counts(store: OrdersStore) -> None:
    first = write_contacts(store, "first", person("1", mail="old@shop.example"))
    second = write_contacts(store, "second", person("1", mail="new@shop.example"), person("2", mail="old@shop.example"))
    found = contacts.pairs(store, [first, second])
    assert found is not None
    assert len(found.pairs) == 1


def test_files_of_an_import_that_was_undone_are_not_looked_at(store: OrdersStore) -> None:
    write_contacts(store, "first", person("1", mail="a@shop.example"))
    second = write_contacts(store, "second", person("2", mail="a@shop.example"))
    found = contacts.pairs(store, [second])
    assert found is not None
    assert found.pairs == ()


def test_a_hundred_thousand_contacts_take_less_than_two_seconds_of_work(store: OrdersStore) -> None:
    people = [
        person(
            str(n), name=f"名字{n % 9000} 名{n % 700}", mail=f"u{n % 99_000}@shop.example", phone=f"090{n % 98_000:08}"
        )
        for n in range(100_000)
    ]
    name = write_contacts(store, "many", *people)
    began = time.process_time()
    found = contacts.pairs(store, [name])
    assert time.process_time() - began < 2
    assert found is not None
    assert len(found.pairs) >= 1_000


@pytest.mark.parametrize(
    "text", ["ﾔﾏﾀﾞ ﾊﾅｺ", "やまだはなこ", "山田花子", "山田　花子", "090-7711", "09077110001", "+81 90 7711 0001", "HANA@", "ｈａｎａ", "花水"]
)  # fmt: skip
def test_search_finds_a_person_however_the_words_are_written(store: OrdersStore, text: str) -> None:
    written = person(
        "1",
        name="山田 花子",
        kana="ヤマダ　ハナコ",
        mail="Hana@shop.example",
        phone="０９０-7711-0001",
        company="(株)花水",
    )
    name = write_contacts(store, "first", written, person("2", name="佐藤", kana="サトウ", phone="0312345678"))
    assert contacts.find(store, [name], text=text, limit=9) == [("shop", "1")]


@pytest.mark.parametrize("text", ["", "-", " ", "%", "'", "山田太郎"])
def test_search_for_nothing_finds_nobody(store: OrdersStore, text: str) -> None:
    name = write_contacts(store, "first", person("1", name="山田 花子"))
    assert contacts.find(store, [name], text=text, limit=9) == []


def test_contact_data_is_read_field_by_field_from_the_newest_file(store: OrdersStore) -> None:
    key = Key("shop", "1")
    first = write_contacts(store, "first", person("1", name="旧姓 花子", phone="0312345678"))
    second = write_contacts(store, "second", person("1", name="山田 花子"), person("2", name="別"))
    found = contacts.read(store, [first, second], keys=[key, Key("mall", "1")])
    assert list(found) == [key]
    assert (found[key].name, found[key].phone) == ("山田 花子", "0312345678")
