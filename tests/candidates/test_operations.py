import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from app.accounts.models import AuditEntry, User
from app.accounts.queries import as_actor
from app.accounts.schemas import COMMAND_LINE
from app.candidates import operations, queries
from app.candidates.board import candidate_board, study_overview
from app.candidates.models import Candidate, CandidateState, Origin
from app.candidates.picking.picker import Barrier
from app.candidates.planning import plan_pick
from app.candidates.states import MOVES
from app.core.database import read_session, write_session
from app.core.errors import AppError, Conflict, NotFound
from app.purchases import queries as purchases
from app.purchases.classes import CustomerClass
from app.purchases.models import Person
from app.studies import operations as studies
from app.studies.models import Study
from app.studies.schemas import NewStudy
from tests.purchases.build import NOW, make_shop
from tests.support.orders import order_file

LANES = (CustomerClass.LOYAL, CustomerClass.LAPSED, CustomerClass.CHURNED)


def a_study(session, *, product="あまみず", loyal=2, lapsed=2, churned=2, actor=COMMAND_LINE):
    data = NewStudy(product=product, loyal=loyal, lapsed=lapsed, churned=churned)
    return studies.create_study(session, actor=actor, data=data, now=NOW)


def picked(shop, session, study, *, now=NOW, as_of=None):
    return operations.pick(session, shop.store, actor=COMMAND_LINE, study=study, as_of=as_of, now=now)


def test_every_lane_is_filled_with_people_of_its_class_under_bird_names(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        outcome = picked(shop, session, study)
        cards = queries.list_candidates(session, shop.store, study=study)
    assert {lane.lane: lane.added for lane in outcome.lanes} == dict.fromkeys(LANES, 2)
    assert all(card.lane is card.snapshot.customer_class for card in cards)
    assert len({card.code_name for card in cards}) == 6
    assert all(card.reasons and 3 <= len(card.facts) <= 5 for card in cards)
    assert all(card.present and card.state is CandidateState.PROPOSED for card in cards)
    assert all(card.as_of == date(2026, 11, 15) for card in cards)


def test_a_study_of_a_stop_point_proposes_its_people_of_those_who_stopped(shop):
    with read_session(shop.parts.engine) as session:
        everybody = purchases.summaries(session, shop.store)
    points = Counter(
        (one.stop_point.number, one.stop_point.kind)
        for one in everybody
        if one.customer_class in {CustomerClass.LAPSED, CustomerClass.CHURNED} and one.stop_point
    )
    assert len(points) > 1
    number, kind = points.most_common()[-1][0]
    with write_session(shop.parts.engine) as session:
        rule = f"stop_number={number}&stop_kind={kind}"
        asked = NewStudy(product="あまみず", loyal=2, lapsed=3, churned=3, people=rule)
        study = studies.create_study(session, actor=COMMAND_LINE, data=asked, now=NOW)
        outcome = picked(shop, session, study)
        cards = queries.list_candidates(session, shop.store, study=study)
    found = [card.snapshot.stop_point for card in cards if card.lane is not CustomerClass.LOYAL]
    assert {one and (one.number, one.kind) for one in found} == {(number, kind)}
    assert any(card.lane is CustomerClass.LOYAL for card in cards)
    left_out = {lane.lane: lane.left_out.get(Barrier.OTHER_PEOPLE, 0) for lane in outcome.lanes}
    assert left_out[CustomerClass.LOYAL] == 0
    assert sum(left_out.values()) > 0


def test_conditions_that_cannot_be_read_make_no_study():
    with pytest.raises(ValueError, match="Stopped after order"):
        NewStudy(product="あまみず", loyal=1, people="stop_number=many")


def test_a_second_pick_adds_only_what_the_quotas_still_miss(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        picked(shop, session, study)
        assert picked(shop, session, study).added == 0
        first = queries.of_study(session, study)[0][0]
        operations.move(session, candidate=first, state=CandidateState.DECLINED, now=NOW)
        again = picked(shop, session, study)
        people = [person.public_id for _, person in queries.of_study(session, study)]
    assert again.added == 1
    assert len(people) == len(set(people)) == 7


def test_who_is_in_another_study_is_left_out_and_counted(shop):
    with write_session(shop.parts.engine) as session:
        first = a_study(session)
        picked(shop, session, first)
        second = a_study(session)
        outcome = picked(shop, session, second)
        theirs = {person.public_id for _, person in queries.of_study(session, first)}
        ours = {person.public_id for _, person in queries.of_study(session, second)}
    assert not theirs & ours
    assert sum(lane.left_out[Barrier.OTHER_STUDY] for lane in outcome.lanes) == 6


def test_who_was_heard_rests_for_ninety_days(shop):
    with write_session(shop.parts.engine) as session:
        first, second = a_study(session, lapsed=0, churned=0), a_study(session)
        picked(shop, session, first)
        for candidate, _ in queries.of_study(session, first):
            operations.move(session, candidate=candidate, state=CandidateState.AGREED, now=NOW)
            operations.move(session, candidate=candidate, state=CandidateState.HELD, now=NOW)
        soon, later = NOW + timedelta(days=89), NOW + timedelta(days=90)
        assert set(queries.barred(session, study=second, now=soon).values()) == {Barrier.INTERVIEWED}
        held = queries.held_back(session, study=second, now=soon)
        assert queries.barred(session, study=second, now=later) == {}
    assert {row.until for row in held} == {date(2027, 2, 19)}


def test_a_shop_without_a_class_explains_its_empty_lane(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        outcome = picked(shop, session, study, as_of=date(2026, 11, 14))
        early = picked(shop, session, a_study(session), as_of=date(2025, 6, 1))
    assert outcome.as_of == date(2026, 11, 14)
    assert all(lane.available == 0 for lane in early.lanes if lane.lane is not CustomerClass.LOYAL)


def test_people_who_never_bought_the_product_are_left_out_only_if_somebody_did(shop):
    with write_session(shop.parts.engine) as session:
        unknown = picked(shop, session, a_study(session, product="知らない商品"))
        known = picked(shop, session, a_study(session, product="【定期便】"))
    assert all(Barrier.OTHER_PRODUCT not in lane.left_out for lane in unknown.lanes)
    assert any(lane.left_out.get(Barrier.OTHER_PRODUCT) for lane in known.lanes)


def test_without_purchases_a_sentence_says_what_to_do(settings, engine):
    empty = make_shop(settings, engine)
    with write_session(engine) as session, pytest.raises(AppError) as fault:
        picked(empty, session, a_study(session))
    assert fault.value.code == "no_purchases"


def test_a_person_keeps_the_code_name_in_every_study(shop):
    with write_session(shop.parts.engine) as session:
        ref = purchases.list_customers(session, shop.store).rows[0].customer_ref
        one, two = a_study(session), a_study(session)
        for study in (one, two):
            operations.nominate(
                session, shop.store, actor=COMMAND_LINE, study=study, customer_ref=ref, now=NOW
            )  # fmt: skip
        assert len({queries.of_study(session, study)[0][1].code_name for study in (one, two)}) == 1
        assert len(session.scalars(select(Person)).all()) == 1


def test_choosing_by_hand_twice_or_somebody_unknown_is_refused(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        ref = purchases.list_customers(session, shop.store).rows[0].customer_ref
        made = operations.nominate(session, shop.store, actor=COMMAND_LINE, study=study, customer_ref=ref, now=NOW)
        assert made.origin is Origin.NOMINATED
        with pytest.raises(Conflict):
            operations.nominate(session, shop.store, actor=COMMAND_LINE, study=study, customer_ref=ref, now=NOW)
        with pytest.raises(NotFound):
            operations.nominate(session, shop.store, actor=COMMAND_LINE, study=study, customer_ref="a" * 16, now=NOW)


def test_every_legal_move_is_noted_and_every_other_refused(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        picked(shop, session, study)
        candidate = queries.of_study(session, study)[0][0]
        for now in CandidateState:
            for then in CandidateState:
                candidate.state = now
                if then in MOVES[now]:
                    operations.move(session, candidate=candidate, state=then, now=NOW)
                    assert queries.histories(session, study)[candidate.id or 0][-1].state is then
                else:
                    with pytest.raises(Conflict):
                        operations.move(session, candidate=candidate, state=then, now=NOW)


def test_a_date_is_kept_with_scheduled(shop):
    when = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        picked(shop, session, study)
        candidate = queries.of_study(session, study)[0][0]
        operations.move(session, candidate=candidate, state=CandidateState.AGREED, now=NOW)
        operations.move(session, candidate=candidate, state=CandidateState.SCHEDULED, now=NOW, scheduled_for=when)
        session.expire_all()
        assert session.get_one(Candidate, candidate.id).scheduled_for == when


def test_undo_leaves_the_card_as_it_was_and_says_that_the_orders_are_gone(settings, engine):
    shop = make_shop(settings, engine)
    import_id = shop.take(order_file(64))
    with write_session(engine) as session:
        study = a_study(session)
        picked(shop, session, study)
        before = queries.list_candidates(session, shop.store, study=study)
    shop.undo(import_id)
    with write_session(engine) as session:
        after = queries.list_candidates(session, shop.store, study=study)
    assert not any(card.present for card in after)
    assert [card.reasons for card in after] == [card.reasons for card in before]
    assert [card.snapshot for card in after] == [card.snapshot for card in before]
    shop.take(order_file(64))
    with write_session(engine) as session:
        back = queries.list_candidates(session, shop.store, study=study)
    assert all(card.present for card in back)


def test_a_candidate_of_a_foreign_study_is_not_there(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        picked(shop, session, study)
        candidate = queries.of_study(session, study)[0][0]
        stranger = as_actor(session.scalars(select(User).where(User.login == "stranger")).one())
        assert queries.get_candidate(session, actor=COMMAND_LINE, candidate_id=candidate.public_id) is candidate
        with pytest.raises(NotFound):
            queries.get_candidate(session, actor=stranger, candidate_id=candidate.public_id)
        with pytest.raises(NotFound):
            candidate_board(session, shop.store, actor=stranger, study_id=study.public_id, now=NOW)


def test_the_page_counts_lanes_coverage_and_who_is_left_out(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        before = candidate_board(session, shop.store, actor=COMMAND_LINE, study_id=study.public_id, now=NOW)
        picked(shop, session, study)
        first = queries.of_study(session, study)[0][0]
        operations.move(session, candidate=first, state=CandidateState.AGREED, now=NOW)
        board = candidate_board(session, shop.store, actor=COMMAND_LINE, study_id=study.public_id, now=NOW)
        overview = study_overview(session, shop.store, actor=COMMAND_LINE)
    assert (before.missing, before.lanes[0].available, before.coverage) == (6, None, ())
    assert (board.wanted, board.agreed, board.missing) == (6, 1, 0)
    assert sum(cell.wanted for row in board.coverage for cell in row.cells) == 6
    people = [sum(row.cells[at].people for row in board.coverage) for at in range(3)]
    assert people == [lane.available for lane in board.lanes]
    assert overview.studies[0].candidates == 1
    assert overview.has_purchases


def test_a_pick_is_in_the_audit_trail_without_names(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        picked(shop, session, study)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "candidates.pick")).one()
    assert (entry.object_id, entry.detail) == (study.public_id, {"added": 6})


def test_what_is_kept_holds_no_customer_number_and_no_contact_data(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        picked(shop, session, study)
        kept = repr([(c.reasons, c.facts, c.snapshot) for c, _ in queries.of_study(session, study)])
    assert not any(canary in kept for canary in ("CAN7", "金糸雀", "canary-", "090-7711"))


def test_the_same_shop_gives_the_same_pick(shop):
    with write_session(shop.parts.engine) as session:
        study = a_study(session)
        picked(shop, session, study)
        first = [(person.customer_id, person.code_name, c.twin_id) for c, person in queries.of_study(session, study)]
        session.rollback()
        again = a_study(session)
        picked(shop, session, again)
        second = [(person.customer_id, person.code_name, c.twin_id) for c, person in queries.of_study(session, again)]
    assert first == second


@pytest.mark.db
def test_both_databases_pick_and_show_the_same(settings, engine):
    shop = make_shop(settings, engine)
    shop.take(order_file(16))
    with write_session(engine) as session:
        first, second = a_study(session, loyal=1, lapsed=1, churned=1), a_study(session, loyal=1, lapsed=1, churned=1)
        assert picked(shop, session, first).added == 3
        picked(shop, session, second)
        candidate = queries.of_study(session, first)[0][0]
        operations.move(session, candidate=candidate, state=CandidateState.AGREED, now=NOW)
    with write_session(engine) as session:
        board = candidate_board(session, shop.store, actor=COMMAND_LINE, study_id=first.public_id, now=NOW)
        overview = study_overview(session, shop.store, actor=COMMAND_LINE)
    assert (board.agreed, len(board.held_back)) == (1, 3)
    assert [row.candidates for row in overview.studies] == [0, 1]


@pytest.mark.db
def test_two_people_picking_at_once_take_turns(settings, engine):
    made = make_shop(settings, engine)
    made.take(order_file(16))
    with write_session(engine) as session:
        ids = [a_study(session).id, a_study(session).id]

    def plan_and_keep(study_id):
        with read_session(engine) as session:
            plan = plan_pick(session, made.store, study=session.get_one(Study, study_id), as_of=None, now=NOW)
        start.wait(timeout=30)
        with write_session(engine) as session:
            study = session.get_one(Study, study_id)
            return operations.keep_pick(session, actor=COMMAND_LINE, study=study, plan=plan, now=NOW).added

    start = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(plan_and_keep, [ids[0], ids[0], ids[1], ids[1]]))
    assert sorted(added)[:2] == [0, 0]
    assert all(added_to > 0 for added_to in sorted(added)[2:])
    with write_session(engine) as session:
        names = session.exec(select(Person.code_name)).all()
    assert len(names) == len(set(names))
