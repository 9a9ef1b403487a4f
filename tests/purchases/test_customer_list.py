"""The list that pages read: complete in every order, and never by scanning."""

import itertools
from datetime import date, timedelta

import pytest

from app.core.database import read_session
from app.core.errors import NotFound
from app.purchases import queries
from app.purchases.classes import CustomerClass, PurchaseType
from app.purchases.figures import list_file
from app.purchases.schemas import CustomerFilters, SortKey
from tests.purchases.build import HEADERS, Shop, row, text_of


@pytest.fixture
def filled(shop: Shop) -> Shop:
    rows = []
    for n in range(60):
        for k in range(n % 5 + 1):
            day = date(2025, 1, 1) + timedelta(days=(n * 11 + k * 40) % 500)
            rows.append(row(order=f"{n}-{k}", customer=f"c{n}", day=day.isoformat(), price=(n % 7) * 100))
    shop.take(text_of(*rows))
    return shop


def walk(shop: Shop, filters: CustomerFilters, sort: SortKey, limit: int = 7) -> list[str]:
    found: list[str] = []
    after = None
    with read_session(shop.parts.engine) as session:
        while True:
            page = queries.list_customers(session, shop.store, filters=filters, sort=sort, after=after, limit=limit)
            found += [person.customer_ref for person in page.rows]
            if page.after is None:
                assert page.total == len(found)
                return found
            after = page.after


@pytest.mark.parametrize("sort", list_file.SORTS)
@pytest.mark.parametrize(
    "filters",
    [
        CustomerFilters(),
        *(CustomerFilters(customer_class=name) for name in CustomerClass),
        CustomerFilters(purchase_type=PurchaseType.REPEAT),
        CustomerFilters(count="4+", elapsed="over"),
        CustomerFilters(count="2"),
        CustomerFilters(elapsed="60"),
    ],
    ids=str,
)
def test_pages_hold_everybody_once_in_order(filled: Shop, sort: SortKey, filters: CustomerFilters) -> None:
    with read_session(filled.parts.engine) as session:
        everybody = queries.summaries(session, filled.store)
    chosen = {person.customer_ref: person for person in everybody if _fits(person, filters)}
    found = walk(filled, filters, sort)
    assert sorted(found) == sorted(chosen)
    values = [getattr(chosen[ref], sort) for ref in found]
    assert values == sorted(values, reverse=True)


def _fits(person: object, filters: CustomerFilters) -> bool:
    from app.purchases.classes import count_band, elapsed_band

    has = {
        "customer_class": person.customer_class,  # type: ignore[attr-defined]  # a CustomerSummary
        "purchase_type": person.purchase_type,  # type: ignore[attr-defined]  # as above
        "count": count_band(person.orders),  # type: ignore[attr-defined]  # as above
        "elapsed": elapsed_band(person.days_since_last),  # type: ignore[attr-defined]  # as above
    }
    return all(value is None or has[name] == value for name, value in filters)


def test_no_list_statement_scans(filled: Shop) -> None:
    choices = itertools.product(
        [None, CustomerClass.LOYAL], [None, PurchaseType.FAN], [None, "2"], [None, "30"], list_file.SORTS
    )
    with read_session(filled.parts.engine) as session:
        version = queries._version(session)
    with filled.store.open_list(version) as connection:
        for kind, purchase_type, count, elapsed, sort in choices:
            filters = CustomerFilters(customer_class=kind, purchase_type=purchase_type, count=count, elapsed=elapsed)
            values = [str(value) for _, value in filters if value is not None]
            plan = connection.execute(
                f"EXPLAIN QUERY PLAN {list_file.page_sql(filters, sort)}", [*values, list_file.HIGHEST[sort], 0, 51]
            ).fetchall()
            steps = " | ".join(str(step[-1]) for step in plan)
            assert "SEARCH customer USING INDEX" in steps
            assert "SCAN" not in steps
            assert "TEMP B-TREE" not in steps
        one = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM customer WHERE customer_ref = ?", ["x"]).fetchall()
        assert "SEARCH" in str(one)


@pytest.mark.parametrize("cursor", ["x", "", "9" * 40, "YWJj", "fn4", "MjAyNi0wMS0wMX4tOTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ"])
def test_a_made_up_cursor_is_not_found_or_the_first_page(filled: Shop, cursor: str) -> None:
    with read_session(filled.parts.engine) as session:
        if not cursor:
            assert queries.list_customers(session, filled.store, after=cursor).rows
            return
        with pytest.raises(NotFound):
            queries.list_customers(session, filled.store, after=cursor, sort="amount")


def test_customers_are_found_by_number_name_kana_mail_and_phone(shop: Shop) -> None:
    headers = (*HEADERS, "氏名", "フリガナ", "メールアドレス", "電話番号")
    rows = [
        (*row(order="1", customer="77001"), "髙橋 花子", "タカハシ ハナコ", "hana@example.invalid", "090-1111-2222"),
        (*row(order="2", customer="77002"), "佐藤 太郎", "サトウ タロウ", "taro@example.invalid", "090-3333-4444"),
    ]
    shop.take(text_of(*rows, headers=headers))
    with read_session(shop.parts.engine) as session:
        for text in ("77001", "髙橋", "花子", "髙橋花子", "タカハシ", "hana@", "09011112222", "1111-2222"):
            found = queries.find_customers(session, shop.store, text=text)
            assert [person.customer_id for person in found] == ["77001"], text
        assert not queries.find_customers(session, shop.store, text="だれか")
        contact = queries.contact(session, shop.store, source="shop", customer_id="77002")
    assert contact is not None
    assert (contact.name, contact.phone) == ("佐藤 太郎", "090-3333-4444")


def test_order_files_hold_no_contact_data(shop: Shop) -> None:
    import pyarrow.parquet as pq

    headers = (*HEADERS, "氏名", "メールアドレス", "電話番号")
    shop.take(
        text_of(
            (*row(order="1"), "金糸雀 花子", "canary@example.invalid", "090-7711-0000"),
            (*row(order="2", customer=""), "金糸雀 次郎", "canary2@example.invalid", "090-7711-0001"),
            headers=headers,
        )
    )
    for path in shop.store.orders_dir.glob("*.parquet"):
        text = str(pq.read_table(path).to_pylist())
        assert not [word for word in ("金糸雀", "canary", "7711") if word in text], path.name
    people = shop.people()
    assert len(people) == 2
    assert any(name.startswith("mail-") for name in people)
