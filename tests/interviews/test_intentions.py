"""Next-purchase intentions of held interviews, counted by the class that people have now."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from app.core.settings import Settings
from app.interviews import intentions, operations
from app.interviews.models import ConsentItem, NextIntention
from app.interviews.schemas import FinishInput, StartInput
from app.purchases.classes import CustomerClass
from app.purchases.identity.models import MergeDecision, MergeReason, Verdict
from app.purchases.schemas import CustomerSummary
from app.purchases.store import OrdersStore
from tests.candidates.build import a_customer
from tests.interviews.build import a_candidate, a_researcher, a_study, consent

BOTH = frozenset({ConsentItem.PARTICIPATION, ConsentItem.INTERNAL_SHARING})
CLASSES = {
    "るりびたき": CustomerClass.LOYAL,
    "めじろ": CustomerClass.LOYAL,
    "つぐみ": CustomerClass.CHURNED,
    "こげら": CustomerClass.CHURNED,
}


@pytest.fixture
def store(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> OrdersStore:
    """A store whose figures know four people."""
    made = OrdersStore(settings)
    known = {made.customer_ref("本店", name): name for name in CLASSES}

    def found(_: Session, __: OrdersStore, *, customer_refs: Collection[str]) -> dict[str, CustomerSummary]:
        return {ref: a_customer(ref, customer_class=CLASSES[known[ref]]) for ref in customer_refs if ref in known}

    monkeypatch.setattr("app.purchases.queries.customers_by_ref", found)
    return made


def test_the_newest_shared_intention_of_each_person_counts(session: Session, now: datetime, store: OrdersStore) -> None:
    actor = a_researcher(session, now=now)
    study = a_study(session, actor=actor, now=now)

    def heard(name: str, said: NextIntention | None, granted: frozenset[ConsentItem] = BOTH) -> None:
        candidate = a_candidate(session, study=study, now=now, name=name)
        interview = operations.start(session, actor=actor, candidate=candidate, data=StartInput(), now=now)
        consent(session, actor=actor, interview=interview, granted=granted, now=now)
        end = now + timedelta(hours=1)
        operations.finish(session, actor=actor, interview=interview, data=FinishInput(next_intention=said), now=end)

    heard("るりびたき", NextIntention.YES)
    heard("めじろ", NextIntention.UNDECIDED)
    heard("つぐみ", None)
    heard("こげら", NextIntention.NO, frozenset({ConsentItem.PARTICIPATION}))
    heard("だれも知らない", NextIntention.YES)
    assert intentions.intentions_by_class(session, store) == {
        CustomerClass.LOYAL: {NextIntention.YES: 1, NextIntention.UNDECIDED: 1}
    }


def test_somebody_who_counts_as_another_customer_has_that_ones_class(
    session: Session, now: datetime, store: OrdersStore
) -> None:
    actor = a_researcher(session, now=now)
    candidate = a_candidate(session, study=a_study(session, actor=actor, now=now), now=now, name="むかしの番号")
    interview = operations.start(session, actor=actor, candidate=candidate, data=StartInput(), now=now)
    consent(session, actor=actor, interview=interview, granted=BOTH, now=now)
    data = FinishInput(next_intention=NextIntention.YES)
    operations.finish(session, actor=actor, interview=interview, data=data, now=now)
    assert intentions.intentions_by_class(session, store) == {}
    session.add(
        MergeDecision(
            verdict=Verdict.MERGED, source="本店", customer_id="むかしの番号", to_source="本店", to_customer_id="つぐみ",
            reason=MergeReason.BY_HAND, decided_at=now,
        )
    )  # fmt: skip
    session.flush()
    assert intentions.intentions_by_class(session, store) == {CustomerClass.CHURNED: {NextIntention.YES: 1}}
