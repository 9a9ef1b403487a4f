"""A shop and a mall with the same people in them, and what people do about it."""

from typing import TypedDict

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases import queries
from app.purchases.identity import operations, tasks
from app.purchases.identity.merges import Key
from app.purchases.identity.models import MergeDecision
from app.purchases.identity.operations import Keep
from app.purchases.identity.queries import decisions, get_decision
from app.purchases.identity.schemas import Decisions, SuggestionPage
from app.purchases.identity.suggestions import list_suggestions
from app.purchases.models import Person
from tests.purchases.build import NOW, Shop, text_of

HEADERS = ("注文番号", "顧客ID", "注文日", "商品名", "数量", "単価", "氏名", "フリガナ", "メールアドレス", "電話番号")
SERUM = "美容液"


class Who(TypedDict):
    """One person as a shop writes them."""

    name: str
    kana: str
    phone: str


def line(
    order: str,
    customer: str,
    day: str,
    *,
    name: str = "",
    kana: str = "",
    mail: str = "",
    phone: str = "",
    price: int = 1000,
) -> tuple[str, ...]:
    return (order, customer, day, SERUM, "1", str(price), name, kana, mail, phone)


def file_of(*lines: tuple[str, ...]) -> str:
    return text_of(*lines, headers=HEADERS)


HANA: Who = {"name": "山田 花子", "kana": "ヤマダハナコ", "phone": "090-7711-0001"}
SHOP_FILE = file_of(
    line("S1", "1001", "2025-01-05", mail="hana@shop.example", **HANA),
    line("S2", "1001", "2025-03-05", mail="hana@shop.example", **HANA),
    line("S3", "", "2025-06-01", mail="Hana@shop.example", **HANA),
    line("S4", "1002", "2025-02-01", name="佐藤 一郎", mail="ichiro@shop.example", phone="03-1234-5678"),
)
MALL_FILE = file_of(
    line("M1", "55", "2024-12-24", mail="a1@pc.fw.rakuten.ne.jp", **HANA),
    line("M2", "56", "2025-05-05", name="鈴木 次郎", mail="b2@pc.fw.rakuten.ne.jp", phone="0451234567"),
)


def take_both(shop: Shop) -> None:
    shop.take(SHOP_FILE)
    shop.take(MALL_FILE, source="mall")


def guest(shop: Shop, source: str = "shop") -> Key:
    """Return the one key of this source that was made from a mail address."""
    (key,) = [Key(person.source, number) for number, person in shop.people().items() if number.startswith("mail-")]
    assert key.source == source
    return key


def figures(shop: Shop) -> dict[tuple[str, str], tuple[int, int]]:
    with read_session(shop.parts.engine) as session:
        found = queries.summaries(session, shop.store)
    return {(one.source, one.customer_id): (one.orders, int(one.amount)) for one in found}


def suggested(shop: Shop) -> SuggestionPage:
    tasks.run_people(shop.parts)
    with read_session(shop.parts.engine) as session:
        return list_suggestions(session, shop.store)


def pairs(shop: Shop) -> set[frozenset[str]]:
    return {frozenset((row.one.key.customer_id, row.other.key.customer_id)) for row in suggested(shop).rows}


def accept(shop: Shop, *numbers: str, keep: Keep = "") -> MergeDecision:
    wanted = next(
        row for row in suggested(shop).rows if {row.one.key.customer_id, row.other.key.customer_id} == set(numbers)
    )
    with write_session(shop.parts.engine) as session:
        made = operations.accept(
            session, shop.store, actor=COMMAND_LINE, suggestion_id=wanted.public_id, now=NOW, keep=keep
        )
    tasks.run_merges(shop.parts)
    return made


def merge(shop: Shop, one: Key, other: Key, keep: Keep = "") -> MergeDecision:
    with write_session(shop.parts.engine) as session:
        made = operations.merge(session, shop.store, actor=COMMAND_LINE, one=one, other=other, now=NOW, keep=keep)
    tasks.run_merges(shop.parts)
    return made


def decline(shop: Shop, *numbers: str) -> MergeDecision:
    wanted = next(
        row for row in suggested(shop).rows if {row.one.key.customer_id, row.other.key.customer_id} == set(numbers)
    )
    with write_session(shop.parts.engine) as session:
        return operations.decline(session, actor=COMMAND_LINE, suggestion_id=wanted.public_id, now=NOW)


def take_back(shop: Shop, made: MergeDecision) -> None:
    with write_session(shop.parts.engine) as session:
        operations.take_back(session, actor=COMMAND_LINE, decision=get_decision(session, made.public_id), now=NOW)
    tasks.run_merges(shop.parts)


def decided(shop: Shop) -> Decisions:
    with read_session(shop.parts.engine) as session:
        return decisions(session)


def pick(shop: Shop, key: Key) -> None:
    with write_session(shop.parts.engine) as session:
        ref = shop.store.customer_ref(*key)
        session.add(Person(public_id=ref, source=key.source, customer_id=key.customer_id, created_at=NOW))
