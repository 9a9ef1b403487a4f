"""Plans a run of the picker by reading only, so that nothing waits for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from app.candidates.cards import snapshot as snapshots
from app.candidates.models import Candidate
from app.candidates.picking.cells import LANES, Cell, stop_key
from app.candidates.picking.coverage import shop_rows
from app.candidates.picking.likely import Key, rank_of
from app.candidates.picking.picker import Filters, LanePick, TwinTest, pick_lane
from app.candidates.picking.twins import TwinKey, fewest_orders, make_key, most_orders, twin_key
from app.candidates.picking.wishes import Wishes, wishes
from app.candidates.queries import barred, filled_by_lane, of_study
from app.candidates.schemas import PickPlan
from app.candidates.states import FILLS_QUOTA
from app.core.errors import AppError
from app.core.i18n import N_
from app.purchases import queries as purchases
from app.purchases.builds import version_in_use
from app.purchases.buyers import buyers
from app.purchases.classes import STOPPED, CustomerClass
from app.purchases.models import Person
from app.purchases.other.queries import attributes_by_customer, customer_attributes
from app.purchases.returning.explanation import Explanation
from app.purchases.returning.queries import explanations
from app.purchases.schemas import CustomerSummary
from app.purchases.segments.people import references
from app.purchases.segments.queries import asked as asked_of
from app.purchases.segments.rule import read_rule
from app.purchases.store import OrdersStore
from app.studies.models import Study
from app.studies.queries import attribute_quotas

Rows = Sequence[tuple[Candidate, Person]]


def quota(study: Study, lane: CustomerClass) -> int:
    """Return how many people a study asks for in a lane; other classes have none."""
    quotas = {
        CustomerClass.LOYAL: study.loyal,
        CustomerClass.LAPSED: study.lapsed,
        CustomerClass.CHURNED: study.churned,
    }
    return quotas.get(lane, 0)


def missing_by_lane(study: Study, rows: Rows) -> dict[CustomerClass, int]:
    """Return how many people each lane still misses."""
    filled = filled_by_lane(rows, FILLS_QUOTA)
    return {lane: max(quota(study, lane) - filled.get(lane, 0), 0) for lane in LANES}


def plan_pick(session: Session, store: OrdersStore, *, study: Study, as_of: date | None, now: datetime) -> PickPlan:
    """Return whom the picker would add today, from the purchases as of a day (the shop's own by default).

    Raises:
        AppError: there are no purchases.
    """
    current = purchases.as_of(session, store)
    if current is None:
        raise AppError("no_purchases", N_("There are no purchases yet. Import an order file first."))
    day = as_of or study.as_of or current
    people = _by_lane(purchases.summaries(session, store, as_of=day))
    bought = buyers(session, store, product=study.product)
    among = people_of_rule(session, store, study)
    filters = Filters(barred=barred(session, study=study, now=now), buyers=bought or None, among=among)
    rows = of_study(session, study)
    quotas = attribute_quotas(study)
    known = attributes_by_customer(session, store, names=[one.name for one in quotas])
    asked = wishes(quotas, taken_attributes(rows), known)
    likely = explanations(session, store, people=[one for lane in LANES for one in people[lane]], as_of=day)
    lanes = _lanes(rows, study=study, people=people, filters=filters, asked=asked, likely=likely)
    chosen = [one.summary.customer_ref for lane in lanes for one in lane.chosen]
    timelines = {
        one.summary.customer_ref: purchases.timeline(
            session, store, source=one.summary.source, customer_id=one.summary.customer_id, as_of=day
        )
        for lane in lanes
        for one in lane.chosen
    }
    shop = shop_rows(person for lane in LANES for person in people[lane])
    own = {ref: attributes_of(session, store, ref) for ref in chosen}
    chances = {
        one.summary.customer_ref: likely.get((one.summary.source, one.summary.customer_id))
        for lane in lanes
        for one in lane.chosen
    }
    return PickPlan(as_of=day, lanes=lanes, timelines=timelines, shop=shop, attributes=own, chances=chances)


def people_of_rule(session: Session, store: OrdersStore, study: Study) -> frozenset[str] | None:
    """Return the references of the people a study's rule names, as the figures have them now; None where it has none."""
    if not study.people_rule:
        return None
    wanted = asked_of(session, read_rule(study.people_rule))
    return frozenset(references(store, version_in_use(session), wanted))


def attributes_of(session: Session, store: OrdersStore, customer_ref: str) -> dict[str, str]:
    """Return what customer files brought of one customer, by attribute."""
    found = customer_attributes(session, store, customer_ref=customer_ref)
    return {one.name: one.value for one in found}


def taken_attributes(rows: Rows) -> list[dict[str, str]]:
    """Return the attributes, as shown when picked, of the candidates who fill a quota."""
    return [
        snapshots.attributes_in(candidate.snapshot) for candidate, _ in rows if candidate.state in FILLS_QUOTA
    ]  # fmt: skip


def _by_lane(everybody: Iterable[CustomerSummary]) -> dict[CustomerClass, list[CustomerSummary]]:
    people: dict[CustomerClass, list[CustomerSummary]] = {lane: [] for lane in LANES}
    for person in everybody:
        if person.customer_class in people:
            people[person.customer_class].append(person)
    return people


def _lanes(
    rows: Rows, *, study: Study, people: Mapping[CustomerClass, Sequence[CustomerSummary]], filters: Filters,
    asked: Wishes, likely: Mapping[Key, Explanation],
) -> tuple[LanePick, ...]:  # fmt: skip
    """Pick loyal people first, then those who stopped: beginnings they share make the twins."""
    missing = missing_by_lane(study, rows)
    taken = _taken(rows)
    dark = fewest_orders(one for lane in STOPPED for one in people[lane] if missing[lane] and not filters.barrier(one))
    loyal = pick_lane(
        people[CustomerClass.LOYAL], lane=CustomerClass.LOYAL, missing=missing[CustomerClass.LOYAL],
        filters=filters, taken=taken, is_twin=goes_on_after(dark), wishes=asked,
        rank=rank_of(CustomerClass.LOYAL, likely),
    )  # fmt: skip
    waiting = _waiting(rows) | most_orders(one.summary for one in loyal.chosen)
    picked = [loyal]
    for lane in (CustomerClass.CHURNED, CustomerClass.LAPSED):
        found = pick_lane(
            people[lane], lane=lane, missing=missing[lane], filters=filters, taken=taken,
            is_twin=stopped_before(waiting), wishes=asked, rank=rank_of(lane, likely),
        )  # fmt: skip
        waiting = {
            key: orders for key, orders in waiting.items() if key not in {twin_key(one.summary) for one in found.chosen}
        }
        picked.append(found)
    return tuple(sorted(picked, key=lambda one: LANES.index(one.lane)))


def _taken(rows: Rows) -> dict[Cell, int]:
    counts: dict[Cell, int] = {}
    for candidate, _ in rows:
        if candidate.state in FILLS_QUOTA:
            kept = snapshots.read(candidate.snapshot)
            cell = Cell(candidate.lane.value, kept.first_product, stop_key(kept.stop_point), kept.sales_channel)
            counts[cell] = counts.get(cell, 0) + 1
    return counts


def goes_on_after(dark: Mapping[TwinKey | None, int]) -> TwinTest:
    """Return the test of a loyal customer: began like somebody who stopped after fewer orders."""
    return lambda one: dark.get(twin_key(one), one.orders) < one.orders


def stopped_before(loyal: Mapping[TwinKey | None, int]) -> TwinTest:
    """Return the test of a customer who stopped: began like a loyal one with more orders."""
    return lambda one: one.orders < loyal.get(twin_key(one), 0)


def _waiting(rows: Rows) -> dict[TwinKey | None, int]:
    """Return beginning → orders of the loyal candidates who have no twin yet."""
    found: dict[TwinKey | None, int] = {}
    for candidate, _ in rows:
        if candidate.lane is CustomerClass.LOYAL and candidate.twin_id is None and candidate.state in FILLS_QUOTA:
            kept = snapshots.read(candidate.snapshot)
            key = make_key(kept.source, kept.first_product, kept.first_order_on, kept.sales_channel)
            found[key] = max(kept.orders, found.get(key, 0))
    found.pop(None, None)
    return found
