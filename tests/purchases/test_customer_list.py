"""The list that pages read: complete in every order, and never by scanning."""

import itertools
from datetime import date, timedelta

import pytest

from app.core.database import read_session
from app.core.errors import NotFound
from app.purchases import queries
from app.purchases.builds import version_in_use
from app.purchases.classes import CustomerClass, PurchaseType
from app.purchases.figures import list_file, list_pages
from app.purchases.schemas import CustomerFilters, CustomerPage, CustomerSummary, SortKey
from tests.purchases.build import HEADERS, Shop, row, text_of
from tests.support.homes import Homes


@pytest.fixture
def filled(shop: Shop, homes: Homes) -> Shop:
    homes.fill(shop.parts.settings, fill)
    return shop


def fill(shop: Shop) -> None:
    rows = []
    for n in range(60):
        for k in range(n % 5 + 1):
            day = date(2025, 1, 1) + timedelta(days=(n * 11 + k * 40) % 500)
            rows.append(row(order=f"{n}-{k}", customer=f"c{n}", day=day.isoformat(), price=(n % 7) * 100))
    shop.take(text_of(*rows))


CHOICES = [
    CustomerFilters(),
    *(CustomerFilters(customer_class=name) for name in CustomerClass),
    CustomerFilters(purchase_type=PurchaseType.REPEAT),
    CustomerFilters(count="4+", elapsed="over"),
    CustomerFilters(count="2"),
    CustomerFilters(elapsed="60"),
    CustomerFilters(customer_class=CustomerClass.LAPSED, purchase_type=PurchaseType.BUDDING, count="2", elapsed="120"),
]
LIMIT = 7


def forwards(shop: Shop, filters: CustomerFilters, sort: SortKey, *, descending: bool) -> list[CustomerPage]:
    pages: list[CustomerPage] = []
    with read_session(shop.parts.engine) as session:
        while not pages or pages[-1].after:
            after = pages[-1].after if pages else None
            pages.append(
                queries.list_customers(
                    session, shop.store, filters=filters, sort=sort, descending=descending, after=after, limit=LIMIT
                )
            )
    return pages


def backwards(shop: Shop, filters: CustomerFilters, sort: SortKey, *, descending: bool) -> list[CustomerPage]:
    with read_session(shop.parts.engine) as session:
        pages = [
            queries.list_customers(
                session, shop.store, filters=filters, sort=sort, descending=descending, last=True, limit=LIMIT
            )
        ]
        while pages[0].before:
            pages.insert(
                0,
                queries.list_customers(
                    session,
                    shop.store,
                    filters=filters,
                    sort=sort,
                    descending=descending,
                    before=pages[0].before,
                    limit=LIMIT,
                ),
            )
    return pages


@pytest.mark.parametrize("descending", [True, False], ids=["down", "up"])
@pytest.mark.parametrize("sort", list_file.SORTS)
def test_pages_hold_everybody_once_in_order_both_ways(filled: Shop, sort: SortKey, descending: bool) -> None:
    with read_session(filled.parts.engine) as session:
        everybody = queries.summaries(session, filled.store)
    for filters in CHOICES:
        chosen = {person.customer_ref: person for person in everybody if _fits(person, filters)}
        pages = forwards(filled, filters, sort, descending=descending)
        found = [person.customer_ref for page in pages for person in page.rows]
        assert sorted(found) == sorted(chosen), filters
        assert {page.total for page in pages} == {len(chosen)}
        values = [getattr(chosen[ref], sort) for ref in found]
        assert values == sorted(values, reverse=descending)
        assert [bool(page.before) for page in pages] == [False, *[True] * (len(pages) - 1)]
        back = backwards(filled, filters, sort, descending=descending)
        assert [page.rows for page in back] == [page.rows for page in pages]
        assert [bool(page.after) for page in back] == [*[True] * (len(back) - 1), False]


def test_the_other_way_round_is_the_same_list_turned(filled: Shop) -> None:
    for sort in list_file.SORTS:
        down, up = (
            [
                person.customer_ref
                for page in forwards(filled, CustomerFilters(), sort, descending=way)
                for person in page.rows
            ]
            for way in (True, False)
        )
        assert down == up[::-1]


def _fits(person: CustomerSummary, filters: CustomerFilters) -> bool:
    bounds = ((30, "30"), (60, "60"), (90, "90"), (120, "120"))
    has = {
        "customer_class": person.customer_class,
        "purchase_type": person.purchase_type,
        "count": str(person.orders) if person.orders < 4 else "4+",
        "elapsed": next((name for bound, name in bounds if person.days_since_last <= bound), "over"),
    }
    return all(value is None or has[name] == value for name, value in filters if name in has)


def test_no_list_statement_scans_or_sorts(filled: Shop) -> None:
    with read_session(filled.parts.engine) as session:
        version = version_in_use(session)
    with filled.store.open_list(version) as connection:

        def plan(statement: str, *given: object) -> str:
            return " | ".join(str(step[-1]) for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", given))

        for sort, descending, grouped in itertools.product(list_file.SORTS, [True, False], [True, False]):
            order = list_pages.Order(sort, descending)
            group = (1,) if grouped else ()
            start = order.start()[1:] if order.column == "id" else order.start()
            steps = plan(list_pages.keys_sql(order, grouped=grouped), *group, *start)
            assert "SEARCH listed USING" in steps
            assert "SCAN" not in steps
            assert "TEMP B-TREE" not in steps
        for test in ("id IN (?, ?)", "customer_ref = ?", "customer_id = ?", "grp IN (?, ?)"):
            assert "SEARCH listed USING" in plan(f"{list_file.SELECT} WHERE {test}", *["1"] * test.count("?"))
        assert "SCAN" not in plan("SELECT source, customer_class FROM customer WHERE customer_ref = ?", "x")


def test_references_made_for_everybody_are_those_of_the_store(filled: Shop) -> None:
    with read_session(filled.parts.engine) as session:
        people = queries.summaries(session, filled.store)
    assert len(people) == 60
    assert all(person.customer_ref == filled.store.customer_ref(person.source, person.customer_id) for person in people)


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
