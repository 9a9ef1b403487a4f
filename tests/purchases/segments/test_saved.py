"""Saved segments: moving ones follow the data, frozen ones keep their people, and who is gone is counted."""

import os
import shutil
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.core.errors import AppError, Conflict
from app.purchases.builds import NotCounted
from app.purchases.identity.merges import Key
from app.purchases.segments import operations, people, queries
from app.purchases.segments.models import Segment
from app.purchases.segments.rule import Rule
from app.purchases.segments.schemas import SegmentRow
from app.serving import freezing
from app.serving.freezing import freeze
from tests.purchases.build import NOW, Shop, row, text_of
from tests.purchases.identity.shops import merge, take_back
from tests.purchases.store_state import version_of

TWICE = Rule.of(orders="2-")


def first_file() -> str:
    return text_of(
        row(order="1", customer="a", day="2026-01-05"),
        row(order="2", customer="a", day="2026-02-05"),
        row(order="3", customer="b", day="2026-01-07"),
        row(order="4", customer="b", day="2026-02-07"),
        row(order="5", customer="c", day="2026-02-09"),
    )


def second_file() -> str:
    return text_of(row(order="6", customer="c", day="2026-03-09"), row(order="7", customer="d", day="2026-03-10"))


def save(shop: Shop, name: str, rule: Rule, *, frozen: bool = False) -> str:
    if frozen:
        with read_session(shop.parts.engine) as session:
            return freeze(
                session, engine=shop.parts.engine, store=shop.store, name=name, rule=rule, actor=COMMAND_LINE, now=NOW
            )  # fmt: skip
    with write_session(shop.parts.engine) as session:
        made = operations.create(session, name=name, rule=rule, actor=COMMAND_LINE, now=NOW)
        return made.public_id


def shown(shop: Shop, public_id: str) -> SegmentRow:
    with read_session(shop.parts.engine) as session:
        return queries.segment_row(session, shop.store, queries.get_segment(session, public_id))


def people_of(shop: Shop, rule: Rule) -> set[str]:
    with read_session(shop.parts.engine) as session:
        found = queries.people_of(session, shop.store, rule=rule)
    return {one.customer_id for one in found.rows} if found else set()


def test_a_moving_segment_follows_the_data_and_says_what_changed(shop: Shop) -> None:
    shop.take(first_file())
    moving = save(shop, "二回以上", TWICE)
    first = shown(shop, moving)
    assert (first.people, first.before) == (2, None)
    later = shop.take(second_file())
    second = shown(shop, moving)
    assert (second.people, second.before, second.change, second.before_on) == (3, 2, 1, date(2026, 2, 9))
    assert people_of(shop, Rule.of(segment=moving)) == {"a", "b", "c"}
    shop.undo(later)
    assert (shown(shop, moving).people, shown(shop, moving).change) == (2, -1)


def test_a_frozen_segment_keeps_its_people_and_counts_who_is_gone(shop: Shop) -> None:
    first = shop.take(first_file())
    shop.take(second_file())
    frozen = save(shop, "春の人", TWICE, frozen=True)
    kept = shown(shop, frozen)
    assert (kept.size, kept.people, kept.gone, kept.frozen_on) == (3, 3, 0, date(2026, 3, 10))
    shop.take(text_of(row(order="8", customer="d", day="2026-04-01")))
    assert people_of(shop, Rule.of(segment=frozen)) == {"a", "b", "c"}
    shop.undo(first)
    left = shown(shop, frozen)
    assert (left.size, left.people, left.gone) == (3, 1, 2)
    assert people_of(shop, left.own) == {"c"}


def test_somebody_merged_into_another_is_there_as_that_one_and_comes_back_when_split(shop: Shop) -> None:
    shop.take(first_file())
    frozen = save(shop, "二人", TWICE, frozen=True)
    made = merge(shop, Key("shop", "a"), Key("shop", "b"), keep="one")
    found = shown(shop, frozen)
    assert (found.size, found.people, found.merged, found.gone) == (2, 1, 1, 0)
    take_back(shop, made)
    found = shown(shop, frozen)
    assert (found.size, found.people, found.merged, found.gone) == (2, 2, 0, 0)
    merge(shop, Key("shop", "a"), Key("shop", "c"), keep="other")
    assert people_of(shop, Rule.of(segment=frozen)) == {"b", "c"}
    found = shown(shop, frozen)
    assert (found.people, found.merged, found.gone) == (2, 0, 0)


def test_the_build_before_is_the_one_that_was_in_use_and_may_be_gone(shop: Shop) -> None:
    shop.take(first_file())
    before = version_of(shop)
    moving = save(shop, "二回以上", TWICE)
    shop.take(second_file())
    left = shop.store.list_path("left-by-a-build-that-broke-off")
    shutil.copy(shop.store.list_path(version_of(shop)), left)
    os.utime(left, (2**32, 2**32))
    assert (shown(shop, moving).before, shown(shop, moving).before_on) == (2, date(2026, 2, 9))
    people.count.cache_clear()
    for path in shop.store.orders_dir.glob(f"*-{before}.*"):
        path.unlink()
    with read_session(shop.parts.engine) as session:
        (row_now,) = queries.list_segments(session, shop.store)
    assert (row_now.people, row_now.before, row_now.change) == (3, None, None)
    with pytest.raises(NotCounted), shop.store.open_list(before):
        pass
    with pytest.raises(NotCounted), shop.store.plain_duckdb() as connection:
        connection.execute(f"SELECT * FROM read_parquet('{shop.store.summary_path(before)}')")


def test_what_is_frozen_is_seen_once_it_is_whole(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.take(first_file())
    monkeypatch.setattr(freezing, "AT_ONCE", 1)
    seen: list[int] = []
    keep = operations.keep

    def watched(session: Session, *, row: Segment, refs: Sequence[str]) -> None:
        with read_session(shop.parts.engine) as reading:
            seen.append(len(queries.list_segments(reading, shop.store)))
        if len(seen) == 4:
            raise RuntimeError
        keep(session, row=row, refs=refs)

    monkeypatch.setattr(operations, "keep", watched)
    assert shown(shop, save(shop, "二人", TWICE, frozen=True)).people == 2
    assert seen == [0, 0]
    with pytest.raises(RuntimeError):
        save(shop, "もう二人", TWICE, frozen=True)
    with read_session(shop.parts.engine) as session:
        assert [one.name for one in queries.list_segments(session, shop.store)] == ["二人"]
        assert session.execute(text("SELECT count(*) FROM segment_member")).scalar() == 2
    assert save(shop, "もう二人", Rule.of(orders="1"), frozen=True)


def test_a_name_left_by_a_process_that_died_is_free_again(shop: Shop) -> None:
    shop.take(first_file())
    with read_session(shop.parts.engine) as session:
        found = queries.frozen_people(session, shop.store, rule=TWICE)
    for now in (NOW, NOW + timedelta(hours=2)):
        with write_session(shop.parts.engine) as session:
            operations.create(session, name="途中", rule=TWICE, actor=COMMAND_LINE, now=now, frozen=found)
    with pytest.raises(Conflict):
        save(shop, "途中", TWICE)


def test_each_product_is_judged_by_itself(shop: Shop) -> None:
    """What came back of one product takes nothing from another one."""
    shop.take(
        text_of(
            row(order="1", customer="a", name="A"),
            row(order="2", customer="a", name="B", code="B", quantity=2),
            row(order="2", customer="a", name="B", code="B", quantity=-2, status="返品"),
            row(order="9", customer="a", name="B", code="B", quantity=-1, status="返品"),
            row(order="3", customer="b", name="B", code="B"),
            row(order="4", customer="c", name="C", code="C"),
        )
    )
    assert people_of(shop, Rule.of(bought_product=["A", "B"])) == {"a", "b"}
    assert people_of(shop, Rule.of(bought_product="B")) == {"b"}


def test_no_customer_number_stands_in_the_tables(shop: Shop) -> None:
    shop.take(text_of(*(row(order=f"{n}", customer="secret-77", day=f"2026-01-0{n}") for n in (1, 2))))
    save(shop, "一人", TWICE, frozen=True)
    with read_session(shop.parts.engine) as session:
        members = session.execute(text("SELECT * FROM segment_member")).all()
        rows = session.execute(text("SELECT * FROM segment")).all()
    assert [member[1] for member in members] == [shop.store.customer_ref("shop", "secret-77")]
    assert "secret-77" not in repr((members, rows))


def test_segments_are_combined_and_a_deleted_one_holds_nobody(shop: Shop) -> None:
    shop.take(first_file())
    shop.take(second_file())
    twice, frozen = (
        save(shop, "二回以上", TWICE),
        save(shop, "三月の人", Rule.of(ordered_in_month="2026-03"), frozen=True),
    )
    both = save(shop, "両方", Rule.of(segment=frozen, orders="2-"))
    either = Rule.of(segment=[twice, frozen])
    assert people_of(shop, Rule.of(segment=both)) == {"c"}
    assert people_of(shop, either) == {"a", "b", "c", "d"}
    save(shop, "そのときの両方", Rule.of(segment=frozen), frozen=True)
    with pytest.raises(Conflict, match="両方") as refused, write_session(shop.parts.engine) as session:
        operations.remove(session, row=queries.get_segment(session, frozen), actor=COMMAND_LINE, now=NOW)
    assert refused.value.params == {"names": "両方"}
    with write_session(shop.parts.engine) as session:
        operations.remove(session, row=queries.get_segment(session, frozen), actor=COMMAND_LINE, now=NOW, anyway=True)
    assert people_of(shop, Rule.of(segment=both)) == set()
    assert people_of(shop, either) == {"a", "b", "c"}


def test_names_are_one_and_conditions_never_go_in_a_circle(shop: Shop) -> None:
    shop.take(first_file())
    one = save(shop, "一つ", TWICE)
    other = save(shop, "二つ", Rule.of(segment=one))
    frozen = save(shop, "三つ", TWICE, frozen=True)
    with pytest.raises(Conflict), write_session(shop.parts.engine) as session:
        operations.rename(
            session, row=queries.get_segment(session, one), name="二つ", actor=COMMAND_LINE, now=NOW
        )  # fmt: skip
    for public_id, rule in ((one, Rule.of(segment=other)), (one, Rule.of(segment=one)), (frozen, TWICE)):
        with pytest.raises(AppError), write_session(shop.parts.engine) as session:
            operations.change_rule(
                session, row=queries.get_segment(session, public_id), rule=rule, actor=COMMAND_LINE, now=NOW
            )
    with write_session(shop.parts.engine) as session:
        row_of_one = queries.get_segment(session, one)
        operations.change_rule(session, row=row_of_one, rule=Rule.of(orders="1"), actor=COMMAND_LINE, now=NOW)
    assert people_of(shop, Rule.of(segment=other)) == {"c"}


@pytest.mark.db
def test_a_segment_and_its_people_go_together(shop: Shop) -> None:
    """On both databases: members have a foreign key."""
    shop.take(first_file())
    frozen = save(shop, "二回以上", TWICE, frozen=True)
    with write_session(shop.parts.engine) as session:
        operations.remove(session, row=queries.get_segment(session, frozen), actor=COMMAND_LINE, now=NOW)
    with read_session(shop.parts.engine) as session:
        assert session.execute(text("SELECT count(*) FROM segment_member")).scalar() == 0
