"""Movement between days and with imports against plain Python, and what has to hold of any three days."""

from datetime import date, timedelta
from functools import cache, partial
from random import Random

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases import operations, tasks
from app.purchases import queries as purchases
from app.purchases.builds import Build, NotCounted
from app.purchases.identity.merges import Key
from app.purchases.movement import fields, kept, queries
from app.purchases.movement.queries import BadDays
from app.purchases.movement.schemas import ANY, HEADLINES, OTHER, Arrow, Arrows, Between, Kept, Moves
from app.purchases.segments import people
from app.purchases.segments.people import Asked
from app.purchases.segments.rule import BadCondition, Rule
from app.purchases.store import files_of_a_build
from tests.purchases.build import NOW, Shop, row, text_of
from tests.purchases.identity.shops import merge, take_back
from tests.purchases.movement import oracle
from tests.purchases.movement.oracle import COLUMNS, Limits, Place
from tests.purchases.store_state import version_of

Days = tuple[date, date]


def between(shop: Shop, from_on: date | None = None, to_on: date | None = None) -> Between:
    with read_session(shop.parts.engine) as session:
        found = queries.between(session, shop.store, from_on=from_on, to_on=to_on)
    assert found is not None
    return found


def last_change(shop: Shop) -> Kept:
    with read_session(shop.parts.engine) as session:
        found = queries.last_change(session, shop.store)
    assert found is not None
    return found


def of_run(shop: Shop, public_id: str) -> Kept:
    found = kept.of_import(shop.run(public_id).moved)
    assert found is not None
    return found


def limits_of(shop: Shop) -> Limits:
    with read_session(shop.parts.engine) as session:
        found = purchases.overview(session, shop.store)
    assert found is not None
    one = found.sources[0]
    return Limits(float(one.high_amount), one.long_days, one.lapse_days, one.churn_days)


def counted(arrows: Arrows) -> dict[Place, int]:
    return {(one.before, one.after): one.people for one in arrows.rows}


def sizes(moves: dict[Place, set[str]]) -> dict[Place, int]:
    return {ends: len(who) for ends, who in moves.items()}


def who_moved(shop: Shop, before: str, after: str, days: Days | None) -> set[str]:
    """Return the customer numbers that the rule of an arrow opens."""
    asked = Asked(Rule.of(moved=fields.written(before, after, days)))
    found = people.people(shop.store, version_of(shop), asked)
    assert people.count(shop.store, version_of(shop), asked).people == len(found)
    return {one.customer_id for one in found}


@pytest.mark.parametrize("seed", range(6))
def test_random_shops_move_as_plain_python_says_and_every_arrow_opens_its_people(shop: Shop, seed: int) -> None:
    random = Random(seed)
    lines = oracle.random_lines(random)
    shop.take(oracle.as_file(lines), columns=COLUMNS)
    limits, last = limits_of(shop), between(shop).to_on
    first = min(one.day for one in lines if one.pieces > 0 and not one.cancelled)
    for _ in range(3):
        earlier, later = sorted(last - timedelta(days=random.randrange(500)) for _ in range(2))
        days = max(earlier, first), max(later, first) if random.random() < 0.6 else last
        try:
            found = between(shop, *days)
        except BadDays:
            continue  # the first order was sent back: there is no such day
        before, after = (oracle.standing(lines, day, limits) for day in days)
        classes, types = (oracle.moves(before, after, which) for which in (0, 1))
        assert counted(found.moves.classes) == sizes(classes)
        assert counted(found.moves.types) == sizes(types)
        for moves in (classes, types):
            for ends in list(moves)[:4]:
                assert who_moved(shop, *ends, days) == moves[ends], ends


def test_the_day_of_the_build_is_its_summary(shop: Shop) -> None:
    lines = oracle.random_lines(Random(11))
    shop.take(oracle.as_file(lines), columns=COLUMNS)
    last = between(shop).to_on
    found = between(shop, last - timedelta(days=1), last)
    now = {one.customer_id: (one.customer_class.value, one.purchase_type.value) for one in shop.people().values()}
    assert now == oracle.standing(lines, last, limits_of(shop))
    for place in {place for place, _ in now.values()}:
        assert found.moves.classes.people(ANY, place) == sum(one == place for one, _ in now.values())


def test_the_same_day_twice_moves_nobody(shop: Shop) -> None:
    shop.take(oracle.as_file(oracle.random_lines(Random(3))), columns=COLUMNS)
    last = between(shop).to_on
    for day in (last, last - timedelta(days=77)):
        moves = between(shop, day, day).moves
        assert moves.classes.moved == moves.types.moved == moves.classes.came == moves.classes.went == 0
        assert not any(moves.headlines().values())


def test_two_steps_come_to_the_same_as_one(shop: Shop) -> None:
    shop.take(oracle.as_file(oracle.random_lines(Random(5))), columns=COLUMNS)
    last = between(shop).to_on
    a, b, c = (last - timedelta(days=days) for days in (300, 120, 0))
    first, second, whole = (between(shop, *days).moves.classes for days in ((a, b), (b, c), (a, c)))
    places = ("loyal", "active", "new", "lapsed", "churned")
    who = cache(partial(who_moved, shop))
    for place in places:
        assert first.people(ANY, place) == second.people(place, ANY)
        assert first.people(place, ANY) == whole.people(place, ANY)
        assert second.people(ANY, place) == whole.people(ANY, place)
        onward = {(x, y): who(place, x, (a, b)) & who(x, y, (b, c)) for x in places for y in places}
        for end in places:
            assert set().union(*(onward[x, end] for x in places)) == who(place, end, (a, c))
    assert first.came + second.came == whole.came


def test_headlines_open_the_people_they_count(shop: Shop) -> None:
    shop.take(oracle.as_file(oracle.random_lines(Random(8), customers=45)), columns=COLUMNS)
    days = (
        (found := between(shop, *(between(shop).to_on - timedelta(days=back) for back in (250, 0)))).from_on,
        found.to_on,
    )
    numbers = found.moves.headlines()
    assert all(numbers.values()), numbers
    for name, ends in HEADLINES.items():
        assert len(who_moved(shop, *ends, days)) == numbers[name]
    assert who_moved(shop, "loyal", ANY, days) >= who_moved(shop, "loyal", OTHER, days)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "loyal~fan@last",
        "loyal~active@2024-13-01..2024-13-02",
        "loyal~active@2024-05-02..2024-05-01",
        "loyal' OR 1=1~new@last",
    ],
)
def test_what_names_no_arrow_finds_nobody(shop: Shop, text: str) -> None:
    shop.take(text_of(row()))
    assert fields.read(text) is None
    assert people.count(shop.store, version_of(shop), Asked(Rule.of(moved=text or "~"))).people == 0


def test_an_address_starts_few_counts() -> None:
    arrows = [fields.written("new", "lapsed", (date(2026, 1, day), date(2026, 2, 1))) for day in (1, 2, 3)]
    assert len(Rule.of(moved=arrows[:2]).given("moved")) == 2
    with pytest.raises(BadCondition):
        Rule.of(moved=arrows)


def test_a_build_that_is_swept_meanwhile_is_not_counted(shop: Shop) -> None:
    shop.take(text_of(row(day="2026-01-01"), row(order="2", customer="b", day="2026-03-01")))
    build = Build(shop.store, version_of(shop))
    for path in (shop.store.summary_path(build.version), shop.store.orders_path(build.version)):
        path.unlink()
        for day in (date(2026, 2, 1), date(2026, 3, 1)):
            with pytest.raises(NotCounted):
                between(shop, date(2026, 1, 1), day)
    asked = Asked(Rule.of(moved=fields.written("new", "lapsed", (date(2026, 1, 1), date(2026, 3, 1)))))
    with pytest.raises(NotCounted):
        people.count(shop.store, build.version, asked)
    with pytest.raises(NotCounted), files_of_a_build():
        shop.store.lines_path("gone").read_bytes()


def test_days_outside_the_data_are_refused(shop: Shop) -> None:
    shop.take(text_of(row(day="2026-01-01"), row(order="2", customer="b", day="2026-03-01")))
    for days, field in (
        ((date(2025, 12, 31), None), "from"),
        ((None, date(2026, 3, 2)), "to"),
        ((date(2026, 2, 2), date(2026, 2, 1)), "from"),
    ):
        with pytest.raises(BadDays) as fault:
            between(shop, *days)
        assert fault.value.field == field


def test_an_import_keeps_what_it_moved_and_its_undo_moves_it_back(shop: Shop) -> None:
    lines = oracle.random_lines(Random(21), customers=40)
    old = [one for one in lines if one.day < oracle.START + timedelta(days=350)]
    first = shop.take(oracle.as_file(old), columns=COLUMNS)
    before = {who: (one.customer_class.value, one.purchase_type.value) for who, one in shop.people().items()}
    assert of_run(shop, first).as_of_before is None
    assert not of_run(shop, first).moves.classes.rows

    second = shop.take(oracle.as_file(lines), columns=COLUMNS)
    after = {who: (one.customer_class.value, one.purchase_type.value) for who, one in shop.people().items()}
    moved = of_run(shop, second)
    assert moved == last_change(shop)
    assert (moved.made_by, moved.import_id) == ("import", second)
    expected = oracle.moves(before, after, 0)
    assert counted(moved.moves.classes) == sizes(expected)
    assert counted(moved.moves.types) == sizes(oracle.moves(before, after, 1))
    for ends, who in expected.items():
        if ends[0] != ends[1] and ends[1] != oracle.GONE:
            assert who_moved(shop, *ends, None) == who

    shop.undo(second)
    back = of_run(shop, second)
    assert back == last_change(shop)
    assert back.made_by == "undo"
    assert counted(back.moves.classes) == sizes(oracle.moves(after, before, 0))

    shop.undo(first)
    gone = of_run(shop, first)
    assert gone.as_of is None
    assert counted(gone.moves.classes) == sizes(oracle.moves(before, {}, 0))
    assert not list(shop.store.orders_dir.glob("moved-*"))


def test_who_was_merged_is_no_customer_who_left(shop: Shop) -> None:
    shop.take(text_of(row(customer="a"), row(order="2", customer="b"), row(order="3", customer="c")))
    merge(shop, Key("shop", "a"), Key("shop", "b"))
    moved = last_change(shop)
    assert moved.made_by == "rebuild"
    assert moved.moves.classes.people(ANY, "merged") == 1
    assert moved.moves.classes.people(ANY, "gone") == 0


def test_who_is_taken_apart_again_is_no_new_customer(shop: Shop) -> None:
    shop.take(text_of(row(customer="a"), row(order="2", customer="b"), row(order="3", customer="c")))
    made = merge(shop, Key("shop", "a"), Key("shop", "b"))
    take_back(shop, made)
    classes = last_change(shop).moves.classes
    assert (classes.people("split", ANY), classes.came, classes.stayed) == (1, 0, 2)
    assert len(who_moved(shop, "split", "new", None)) == 1


def test_who_was_nobody_before_neither_became_loyal_nor_lapsed(shop: Shop) -> None:
    loyal = [row(order=f"l{n}", customer="l", day=f"2026-{n:02}-01", price=90000) for n in range(1, 11)]
    late = [row(order=f"g{n}", customer="g", day=f"2025-0{n}-01") for n in (1, 2)]
    shop.take(text_of(row(customer="n", day="2026-09-25")))
    shop.take(
        text_of(*loyal, *late, row(order="o", customer="o", day="2025-05-01"), row(customer="n", day="2026-09-25"))
    )
    change = last_change(shop).moves
    assert change.classes.came == 3
    assert {one.after for one in change.classes.rows if one.before == "none"} == {"loyal", "churned"}
    assert set(change.headlines().values()) == {0}
    for name, ends in HEADLINES.items():
        assert who_moved(shop, *ends, None) == set(), name


def test_who_lapsed_was_buying_until_then() -> None:
    steps = (("churned", "lapsed"), ("active", "lapsed"), ("lapsed", "churned"), ("none", "churned"), ("loyal", "gone"))
    moves = Moves(Arrows(tuple(Arrow(*ends, 1) for ends in steps)), Arrows())
    assert moves.headlines() == {"newly_loyal": 0, "lapsed": 1, "churned": 1, "came_back": 0}
    assert moves.classes.people("loyal", OTHER) == 0


def test_another_day_of_the_figures_says_what_it_moved(shop: Shop) -> None:
    shop.take(text_of(row(day="2026-01-01"), row(order="2", customer="b", day="2026-03-01")))
    with write_session(shop.parts.engine) as session:
        operations.set_as_of(session, day=date(2026, 2, 1), actor=COMMAND_LINE, now=NOW)
    tasks.run_rebuild(shop.parts)
    moved = last_change(shop)
    assert (moved.made_by, moved.as_of_before, moved.as_of) == ("rebuild", date(2026, 3, 1), date(2026, 2, 1))
    assert moved.moves.classes.people("new", "gone") == 1


def test_counted_days_are_few_and_go_with_their_build(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_DAYS", 3)
    shop.take(text_of(row(day="2026-01-01"), row(order="2", customer="b", day="2026-03-01")))
    for number in range(5):
        between(shop, date(2026, 1, 2 + number), date(2026, 3, 1))
    old = shop.store.standing_paths(version_of(shop))
    assert sorted(path.stem[-10:] for path in old) == ["2026-01-04", "2026-01-05", "2026-01-06"]
    # the day counted longest ago, beside one that is not there yet, is not the one to go
    assert between(shop, date(2026, 1, 4), date(2026, 2, 1)).from_on == date(2026, 1, 4)
    for _ in range(2):
        tasks.run_rebuild(shop.parts)
    assert not any(path.exists() for path in old)
