"""What people set for products, proposals they answer, and what the list shows of it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from app.accounts.models import AuditEntry
from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.core.errors import Conflict, NotFound
from app.purchases.catalogue import operations, queries
from app.purchases.catalogue.models import Product, ProductKind
from app.purchases.catalogue.names import Key, Proposal
from app.purchases.catalogue.schemas import ProductEdit, ProductFacts, ProductFilters, ProductList, Seen, SeenProduct
from app.purchases.catalogue.seen import read_seen
from app.purchases.catalogue.tasks import run_products
from app.purchases.models import PurchaseSettings
from app.purchases.queries import unfinished_jobs
from tests.purchases.build import NOW, Shop, row, text_of

LATER = datetime(2026, 11, 22, tzinfo=UTC)


def one(name: str, *, code: str = "", orders: int = 1, source: str = "shop", amount: int = 100) -> SeenProduct:
    return SeenProduct(source, code, name, (name,), orders, orders, Decimal(amount), "JPY", ("single",))


MAIN, FREE, TRIAL, CREAM = (
    one("白つゆ 美容液", orders=9, amount=900),
    one("白つゆ美容液", orders=2),
    one("白つゆ 美容液 お試し", code="T", orders=3),
    one("クリーム", code="C", orders=5, amount=500),
)
SEEN = Seen(products=(MAIN, CREAM, TRIAL, FREE))


def facts_of(shop: Shop) -> dict[Key, ProductFacts]:
    with read_session(shop.parts.engine) as session:
        return queries.products(session, shop.store)


def open_now(shop: Shop) -> tuple[Proposal, ...]:
    with read_session(shop.parts.engine) as session:
        return queries.open_proposals(session, SEEN, queries.products(session, shop.store))


def set_product(shop: Shop, **values: object) -> None:
    edit = ProductEdit.model_validate({"source": "shop", **values})
    with write_session(shop.parts.engine) as session:
        operations.set_product(session, edit=edit, actor=COMMAND_LINE, now=NOW)


def accept(shop: Shop, family: str = "") -> str:
    (proposal,) = open_now(shop)
    with write_session(shop.parts.engine) as session:
        return operations.accept(
            session, proposal=proposal, family=family, actor=COMMAND_LINE, now=NOW
        ).public_id  # fmt: skip


def take_back(shop: Shop, merge_id: str) -> None:
    with write_session(shop.parts.engine) as session:
        operations.take_back(session, merge_id=merge_id, actor=COMMAND_LINE, now=LATER)


def listed(shop: Shop, **filters: object) -> ProductList:
    return queries.list_products(SEEN, facts_of(shop), filters=ProductFilters(**filters))  # type: ignore[arg-type]  # filters by name


def test_a_persons_word_is_kept_and_taken_back(shop: Shop) -> None:
    set_product(shop, product_code="C", family="クリーム", kind="single", days_per_unit=45)
    facts = facts_of(shop)[CREAM.key]
    assert (facts.family, facts.kind, facts.days_per_unit, facts.by_hand) == ("クリーム", ProductKind.SINGLE, 45, True)
    set_product(shop, product_code="C")
    assert facts_of(shop)[CREAM.key].family == ""


def test_a_product_needs_a_code_or_a_name() -> None:
    with pytest.raises(ValueError, match="code"):
        ProductEdit(source="shop")


def test_accepting_a_proposal_gives_one_family_and_aliases(shop: Shop) -> None:
    accept(shop)
    facts = facts_of(shop)
    assert {facts[key].family for key in (MAIN.key, FREE.key, TRIAL.key)} == {"白つゆ 美容液"}
    assert facts[MAIN.key].aliases == ("白つゆ美容液",)
    assert open_now(shop) == ()
    rows = {row.seen.key: row for row in listed(shop).rows}
    assert (rows[FREE.key].alias_of, rows[TRIAL.key].alias_of) == ("白つゆ 美容液", "")


def test_an_accepted_proposal_is_taken_back_without_a_trace(shop: Shop) -> None:
    set_product(shop, product_code="T", kind="trial", days_per_unit=7)
    before = facts_of(shop)
    take_back(shop, accept(shop, family="つゆ"))
    assert facts_of(shop) == before
    assert len(open_now(shop)) == 1
    with read_session(shop.parts.engine) as session:
        assert len(session.scalars(select(Product)).all()) == 1


def test_what_a_person_set_since_stays(shop: Shop) -> None:
    merge = accept(shop)
    set_product(shop, product_code="T", family="お試しだけ")
    take_back(shop, merge)
    facts = facts_of(shop)
    assert facts[TRIAL.key].family == "お試しだけ"
    assert MAIN.key not in facts


def test_a_declined_proposal_is_not_shown_until_it_is_taken_back(shop: Shop) -> None:
    (proposal,) = open_now(shop)
    with write_session(shop.parts.engine) as session:
        merge_id = operations.decline(session, proposal=proposal, actor=COMMAND_LINE, now=NOW).public_id
    assert open_now(shop) == ()
    assert facts_of(shop) == {}
    take_back(shop, merge_id)
    assert len(open_now(shop)) == 1


def test_a_proposal_that_is_gone_and_an_answer_that_is_not_there(shop: Shop) -> None:
    with pytest.raises(Conflict):
        operations.find_proposal(open_now(shop), "gone")
    with pytest.raises(NotFound), write_session(shop.parts.engine) as session:
        operations.take_back(session, merge_id="none", actor=COMMAND_LINE, now=NOW)


def test_the_list_is_filtered_by_word_source_and_missing_family(shop: Shop) -> None:
    accept(shop)
    assert [row.seen.key for row in listed(shop, text="ｸﾘｰﾑ").rows] == [CREAM.key]
    assert [row.seen.key for row in listed(shop, open_only=True).rows] == [CREAM.key]
    assert listed(shop, source="mall").rows == ()
    assert (listed(shop).seen, listed(shop).placed, listed(shop).total) == (4, 3, 4)


def test_products_are_counted_from_the_orders(shop: Shop) -> None:
    lines = [
        row(order="1", code="A", name="美容液 30mL", quantity=2, price=1000),
        row(order="1", code="A", name="美容液30ml", price=500),
        row(order="2", customer="c2", code="A", name="美容液 30mL", day="2026-01-05", price=1000),
        row(order="3", customer="c2", code="", name="石けん", day="2026-01-06", price=300),
    ]
    shop.take(text_of(*lines))
    with read_session(shop.parts.engine) as session:
        seen = read_seen(session, shop.store)
        again = read_seen(session, shop.store)
    assert seen == again
    assert [(found.key, found.names, found.orders, found.people, found.amount) for found in seen.products] == [
        (("shop", "A", ""), ("美容液 30mL", "美容液30ml"), 2, 2, Decimal(3500)),
        (("shop", "", "石けん"), ("石けん",), 1, 1, Decimal(300)),
    ]


def test_many_edits_build_once(shop: Shop) -> None:
    shop.take(text_of(row(order="1", code="C", name="クリーム")))
    set_product(shop, product_code="C", family="一")
    set_product(shop, product_code="C", family="二")
    first = version(shop)
    assert waiting(shop) == [("purchases.products", "")]
    run_products(shop.parts)
    built = version(shop)
    assert waiting(shop) == []
    run_products(shop.parts)
    assert first != built
    assert version(shop) == built


def waiting(shop: Shop) -> list[tuple[str, str]]:
    with read_session(shop.parts.engine) as session:
        return unfinished_jobs(session)


def version(shop: Shop) -> str:
    with read_session(shop.parts.engine) as session:
        return settings(session).summary_version


def settings(session: Session) -> PurchaseSettings:
    return session.get_one(PurchaseSettings, 1)


def test_every_change_is_in_the_audit_trail_without_names(shop: Shop) -> None:
    set_product(shop, product_code="C", family="秘密の名前")
    accept(shop)
    with read_session(shop.parts.engine) as session:
        entries = [(entry.action, entry.object_id, entry.detail) for entry in session.scalars(select(AuditEntry))]
    assert [action for action, _, _ in entries] == ["product.set", "products.merged"]
    assert "秘密" not in str(entries)
