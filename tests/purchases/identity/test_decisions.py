"""Bringing together, declining and taking back: what the figures, the search and the suggestions say afterwards."""

import threading
from pathlib import Path

import pytest
from sqlmodel import select

from app.accounts.models import AuditEntry
from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.core.errors import AppError, Conflict
from app.jobs.schemas import JobServices
from app.purchases import queries
from app.purchases.identity import operations, tasks
from app.purchases.identity.merges import Edge, Key
from app.purchases.identity.models import Strength
from app.purchases.identity.operations import Keep
from app.purchases.identity.queries import get_decision, leading_to, merge_edges, parts_of
from tests.purchases.build import NOW, Shop
from tests.purchases.identity.shops import (
    MALL_FILE,
    SHOP_FILE,
    accept,
    decided,
    decline,
    figures,
    file_of,
    guest,
    line,
    merge,
    pairs,
    pick,
    suggested,
    take_back,
    take_both,
)
from tests.support.homes import Homes

MEMBER, MALL = Key("shop", "1001"), Key("mall", "55")


@pytest.fixture
def both(shop: Shop, homes: Homes) -> Shop:
    homes.fill(shop.parts.settings, take_both)
    return shop


def test_pairs_are_suggested_with_both_sides_and_nothing_is_merged_by_itself(both: Shop) -> None:
    before = figures(both)
    page = suggested(both)
    number = guest(both).customer_id
    assert pairs(both) == {frozenset(("1001", number)), frozenset(("1001", "55")), frozenset((number, "55"))}
    first = page.rows[0]
    assert first.reasons[0] == "mail"
    assert first.strength is Strength.STRONG
    shown = {row.field: row for row in first.fields}
    assert shown["name"].one == "山田 花子"
    assert shown["email"].same
    assert "hana@" not in shown["email"].one.casefold()
    assert shown["phone"].one == "…0001"
    assert {side.summary.orders for side in (first.one, first.other) if side.summary} == {1, 2}
    assert page.by_reason == {"mail": 1, "phone_name": 2}
    assert figures(both) == before


def test_accepting_makes_one_customer_and_taking_back_makes_two(both: Shop) -> None:
    before, guest_key = figures(both), guest(both)
    made = accept(both, "1001", guest_key.customer_id)
    assert figures(both) == {MEMBER: (3, 3000), ("shop", "1002"): (1, 1000), MALL: (1, 1000), ("mall", "56"): (1, 1000)}
    assert pairs(both) == {frozenset(("1001", "55"))}
    assert [(row.key, row.to) for row in decided(both).merged] == [(guest_key, MEMBER)]
    take_back(both, made)
    assert figures(both) == before
    assert frozenset(("1001", guest_key.customer_id)) in pairs(both)
    with pytest.raises(Conflict):
        take_back(both, made)


def test_two_sources_become_one_customer_and_chains_collapse(both: Shop) -> None:
    guest_key = guest(both)
    first = accept(both, "1001", guest_key.customer_id)
    second = accept(both, "1001", "55")
    root = max(figures(both), key=lambda key: figures(both)[key][0])
    assert root == MALL  # both are numbers of a shop: the older one stays
    assert figures(both)[root] == (4, 4000)
    with read_session(both.parts.engine) as session:
        assert {part.key for part in parts_of(session, MALL)} == {guest_key, MEMBER}
    assert pairs(both) == set()
    take_back(both, second)
    assert figures(both)[MEMBER] == (3, 3000)
    take_back(both, first)
    assert figures(both)[MEMBER] == (2, 2000)


def test_search_finds_a_merged_person_by_either_number_and_by_the_name_of_either(both: Shop) -> None:
    accept(both, "1001", "55")
    with read_session(both.parts.engine) as session:
        for text in ("55", "1001", "やまだ", "hana@shop", "a1@pc"):
            found = queries.find_customers(session, both.store, text=text)
            assert ("mall", "55") in [(one.source, one.customer_id) for one in found], text
        contact = queries.contact(session, both.store, source="mall", customer_id="55")
    assert contact is not None
    assert contact.name == "山田 花子"


def test_a_declined_pair_does_not_come_back_until_it_is_taken_back(both: Shop) -> None:
    made = decline(both, "1001", "55")
    both.take(file_of(line("M9", "57", "2025-07-07", name="新しい人")), source="mall")
    assert frozenset(("1001", "55")) not in pairs(both)
    number = guest(both).customer_id
    accept(both, "1001", number)  # the guest's own pair with the mall now is the declined pair
    assert pairs(both) == set()
    take_back(both, made)
    assert pairs(both) == {frozenset(("1001", "55"))}
    assert decided(both).declined == ()


def test_a_pair_that_is_suggested_again_after_one_side_was_merged_joins_the_whole(both: Shop) -> None:
    number = guest(both).customer_id
    declined = decline(both, "1001", number)
    merge(both, MEMBER, MALL)
    with write_session(both.parts.engine) as session:
        operations.take_back(session, actor=COMMAND_LINE, decision=get_decision(session, declined.public_id), now=NOW)
    accept(both, "1001", number)
    assert figures(both)[MALL] == (4, 4000)
    assert pairs(both) == set()


def test_a_picked_number_is_never_merged_away_unless_both_are(both: Shop) -> None:
    guest_key = guest(both)
    pick(both, guest_key)
    (row,) = [row for row in suggested(both).rows if row.reasons[0] == "mail"]
    assert (row.one if row.keep == "one" else row.other).key == guest_key
    pick(both, MEMBER)
    (row,) = [row for row in suggested(both).rows if row.reasons[0] == "mail"]
    assert row.keep == ""
    with pytest.raises(AppError) as fault:
        accept(both, "1001", guest_key.customer_id)
    assert fault.value.code == "both_picked"
    side: Keep = "one" if row.one.key == MEMBER else "other"
    accept(both, "1001", guest_key.customer_id, keep=side)
    assert figures(both)[MEMBER] == (3, 3000)


def test_undoing_one_side_leaves_the_merge_without_effect_and_import_brings_it_back(shop: Shop) -> None:
    shop.take(SHOP_FILE)
    alone = figures(shop)
    mall = shop.take(MALL_FILE, source="mall")
    accept(shop, "1001", "55")
    together = figures(shop)
    shop.undo(mall)
    assert figures(shop) == alone
    assert len(decided(shop).merged) == 1
    shop.take(MALL_FILE, source="mall")
    assert figures(shop) == together


def test_currencies_are_never_brought_together(shop: Shop) -> None:
    shop.take(SHOP_FILE)
    shop.take(MALL_FILE, source="mall", options={"currency": "USD"})
    assert frozenset(("1001", "55")) not in pairs(shop)
    with pytest.raises(AppError) as fault:
        merge(shop, MEMBER, MALL)
    assert fault.value.code == "currencies"


def test_by_hand_any_two_and_never_the_same_twice(both: Shop) -> None:
    merge(both, Key("shop", "1002"), Key("mall", "56"))
    assert figures(both)[("shop", "1002")] == (2, 2000)
    with pytest.raises(Conflict):
        merge(both, Key("mall", "56"), Key("shop", "1002"))
    with pytest.raises(Conflict):
        merge(both, MEMBER, MEMBER)
    with pytest.raises(AppError) as fault:
        merge(both, Key("no", "1"), Key("no", "2"))
    assert fault.value.code == "no_customer"


def test_a_suggestion_decided_meanwhile_says_so(both: Shop) -> None:
    row = suggested(both).rows[0]
    with write_session(both.parts.engine) as session:
        operations.accept(session, both.store, actor=COMMAND_LINE, suggestion_id=row.public_id, now=NOW)
    for act in (operations.decline,):
        with pytest.raises(Conflict), write_session(both.parts.engine) as session:
            act(session, actor=COMMAND_LINE, suggestion_id=row.public_id, now=NOW)


@pytest.mark.db
def test_two_opposite_merges_at_once_make_no_circle(both: Shop) -> None:
    faults: list[Exception] = []
    start = threading.Barrier(2)

    def work(one: Key, other: Key) -> None:
        start.wait()
        try:
            with write_session(both.parts.engine) as session:
                operations.merge(session, both.store, actor=COMMAND_LINE, one=one, other=other, now=NOW, keep="other")
        except Conflict as fault:
            faults.append(fault)

    workers = [threading.Thread(target=work, args=pair) for pair in ((MEMBER, MALL), (MALL, MEMBER))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(faults) == 1
    with read_session(both.parts.engine) as session:
        (edge,) = merge_edges(session)
    assert edge in (Edge(MEMBER, MALL), Edge(MALL, MEMBER))


def test_many_decisions_are_built_once_and_a_lost_job_is_picked_up(both: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.purchases import tasks as purchase_tasks

    built: list[str] = []
    real = purchase_tasks.run_rebuild

    def counted(services: JobServices) -> None:
        built.append("x")
        real(services)

    monkeypatch.setattr(purchase_tasks, "run_rebuild", counted)
    with write_session(both.parts.engine) as session:
        operations.merge(session, both.store, actor=COMMAND_LINE, one=MEMBER, other=MALL, now=NOW)
        operations.merge(
            session, both.store, actor=COMMAND_LINE, one=Key("shop", "1002"), other=Key("mall", "56"), now=NOW
        )
    with read_session(both.parts.engine) as session:
        assert ("purchases.merges", "") in queries.unfinished_jobs(session)
    for _ in range(3):
        tasks.run_merges(both.parts)
    assert built == ["x"]
    with read_session(both.parts.engine) as session:
        assert queries.unfinished_jobs(session) == []


def test_the_audit_trail_holds_ids_and_no_names(both: Shop) -> None:
    made = accept(both, "1001", "55")
    declined = decline(both, *next(iter(pairs(both))))
    take_back(both, made)
    with read_session(both.parts.engine) as session:
        trail = [(row.action, row.object_id, str(row.detail)) for row in session.scalars(select(AuditEntry))]
    rows = [row for row in trail if row[0].startswith("people.")]
    assert [row[:2] for row in rows] == [
        ("people.merged", made.public_id),
        ("people.declined", declined.public_id),
        ("people.merged_undone", made.public_id),
    ]
    assert all("1001" not in detail and "山田" not in detail for *_, detail in rows)


def test_keys_lead_to_what_they_count_as(both: Shop) -> None:
    accept(both, "1001", "55")
    with read_session(both.parts.engine) as session:
        assert leading_to(session, customer_id="1001", keys=[]) == [MEMBER, MALL]


def test_a_shop_without_contact_data_suggests_nothing(shop: Shop, tmp_path: Path) -> None:
    assert suggested(shop).rows == ()
    shop.take("注文番号,顧客ID,注文日,商品名,数量,単価\n1,a,2026-01-01,A,1,100\n")
    page = suggested(shop)
    assert (page.total, page.fresh) == (0, True)
