"""Who would move: the same as a build with the numbers, without building; saved numbers name people at the next build."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from sqlmodel import select

from app.accounts.models import AuditEntry
from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases import tasks
from app.purchases.classes import Segments
from app.purchases.queries import overview
from app.purchases.scoring import operations, queries
from app.purchases.scoring.cutoffs import Cutoffs
from app.purchases.scoring.schemas import Preview
from app.purchases.segments_file import Numbers, defaults, in_force
from tests.purchases.build import NOW, Shop
from tests.purchases.scoring.shop import files, random_orders

Named = dict[tuple[str, str], tuple[str, str, bool]]


def named(shop: Shop) -> Named:
    with read_session(shop.parts.engine) as session:
        from app.purchases.queries import summaries

        return {
            (one.source, one.customer_id): (one.customer_class.value, one.purchase_type.value, one.super_loyal)
            for one in summaries(session, shop.store)
        }


def preview(shop: Shop, numbers: Numbers) -> Preview:
    with read_session(shop.parts.engine) as session:
        found = queries.read_preview(session, shop.store, numbers=numbers)
    assert found is not None
    return found


def save(shop: Shop, numbers: Numbers) -> bool:
    with write_session(shop.parts.engine) as session:
        return operations.set_numbers(session, numbers=numbers, actor=COMMAND_LINE, now=NOW)


def some_numbers(seed: int) -> Segments:
    random = Random(seed)
    return Segments(
        long_days=random.choice((1, 30, 200)),
        high_orders=Decimal(random.choice(("0.5", "2", "20"))),
        lapse_share=random.choice((0.5, 0.75, 0.99)),
        lapse_least=random.choice((1, 30)),
        lapse_most=random.choice((40, 400)),
        churn_days=random.choice((30, 100, 500)),
        churn_times_lapse=random.choice((1, 3)),
        super_loyal_share=random.choice((0.05, 0.3)),
        super_loyal_days=random.choice((30, 700)),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_the_preview_is_what_a_build_makes_of_it(shop: Shop, seed: int) -> None:
    for source, text in files(random_orders(seed)).items():
        shop.take(text, source=source)
    unmoved = preview(shop, defaults())
    assert unmoved.moved == (0, 0, 0)
    assert unmoved.before == unmoved.after
    before = named(shop)
    numbers = Numbers(some_numbers(seed), Cutoffs())
    foretold = preview(shop, numbers)
    assert save(shop, numbers)
    tasks.run_rebuild(shop.parts)
    after = named(shop)
    assert before.keys() == after.keys()
    for moves, part in ((foretold.classes, 0), (foretold.types, 1)):
        for move in moves:
            assert move.people == sum(
                (before[key][part], after[key][part]) == (move.was, move.to) for key in before
            )  # fmt: skip
    yes_no = {True: "yes", False: "no"}
    for move in foretold.super_loyal:
        assert move.people == sum(
            (yes_no[before[key][2]], yes_no[after[key][2]]) == (move.was, move.to) for key in before
        )
    with read_session(shop.parts.engine) as session:
        built = overview(session, shop.store)
    assert built is not None
    assert built.sources == foretold.after
    assert built.segments == numbers.segments


def test_numbers_are_kept_beside_the_file_and_given_back(shop: Shop) -> None:
    with read_session(shop.parts.engine) as session:
        assert in_force(session) == defaults()
    segments = replace(defaults().segments, long_days=60, high_orders=Decimal("6.5"), lapse_share=0.8)
    cutoffs = replace(defaults().cutoffs, days=(10, 20, 30, 40), amount=(("JPY", (Decimal(4), Decimal(3), Decimal(2), Decimal(1))), *defaults().cutoffs.amount[1:]))  # fmt: skip
    assert save(shop, Numbers(segments, cutoffs))
    with read_session(shop.parts.engine) as session:
        assert in_force(session) == Numbers(segments, cutoffs)
        detail = session.exec(select(AuditEntry).where(AuditEntry.action == "thresholds.set")).one().detail
    assert detail["long_days"] == "90 → 60"
    assert "churn_days" not in detail
    assert not save(shop, Numbers(segments, Cutoffs()))  # ranks alone need no build
    assert save(shop, defaults())
    with read_session(shop.parts.engine) as session:
        assert in_force(session) == defaults()


def test_figures_that_wait_for_saved_numbers_are_noticed_at_the_next_start(shop: Shop) -> None:
    shop.take(files(random_orders(1, people=3))["shop"])
    assert not tasks.tidy(shop.parts)
    save(shop, Numbers(replace(defaults().segments, churn_days=300), Cutoffs()))
    assert tasks.tidy(shop.parts)
    tasks.run_rebuild(shop.parts)
    assert not tasks.tidy(shop.parts)


def test_ranks_change_without_anybody_changing_class(shop: Shop) -> None:
    shop.take(files(random_orders(1))["shop"])
    found = preview(shop, Numbers(Segments(), Cutoffs(days=(700, 701, 702, 703), orders=(4, 3, 2, 1))))
    assert found.moved == (0, 0, 0)
    assert found.ranks["r"] > 0
    assert found.ranks["f"] > 0
    assert found.ranks["m"] == 0
