"""Quotas by attribute from the study to the cards: the picker fills them, says so, and tells what nobody fills."""

import pytest

from app.accounts.schemas import COMMAND_LINE
from app.candidates import operations, queries
from app.candidates.board import candidate_board
from app.candidates.sentences import say
from app.core.database import write_session
from app.core.i18n import translator
from app.studies import operations as studies
from app.studies.schemas import NewStudy
from tests.purchases.build import NOW, Shop
from tests.purchases.other.test_member_import import take
from tests.support.homes import Homes
from tests.support.members import member_file

QUOTAS = ["性別=男性:3", "職業=会社員:1", "職業=宇宙飛行士:2"]


@pytest.fixture
def shop_with_members(shop: Shop, homes: Homes) -> Shop:
    homes.fill(shop.parts.settings, take_members)
    return shop


def take_members(shop: Shop) -> None:
    take(shop, member_file(60), "members.csv")


def test_the_picker_fills_quotas_says_so_and_tells_what_it_could_not_fill(shop_with_members):
    shop = shop_with_members
    with write_session(shop.parts.engine) as session:
        data = NewStudy(product="あまみず", loyal=2, lapsed=2, churned=2, quotas=QUOTAS)
        study = studies.create_study(session, actor=COMMAND_LINE, data=data, now=NOW)
        outcome = operations.pick(session, shop.store, actor=COMMAND_LINE, study=study, as_of=None, now=NOW)
        cards = queries.list_candidates(session, shop.store, study=study)
        board = candidate_board(session, shop.store, actor=COMMAND_LINE, study_id=study.public_id, now=NOW)
    assert outcome.added == 6
    men = [card for card in cards if card.snapshot.attributes["sex"] == "male"]
    assert len(men) == 3
    told = ["".join(say(reason, translator("ja")) for reason in card.reasons) for card in cards]
    assert sum("割り当て「性別: 男性」に当てはまります。" in text for text in told) == 3
    assert sum("会社員" in text for text in told) == 1
    assert all("金糸雀" not in text and "example.invalid" not in text for text in told)
    assert [(one.wanted, one.filled, one.missing) for one in outcome.quotas] == [
        (3, 3, 0),
        (1, outcome.quotas[1].filled, 0),
        (2, 0, 2),
    ]
    assert board.quotas == outcome.quotas


def test_who_refuses_mail_is_to_be_invited_in_another_way(shop_with_members):
    shop = shop_with_members
    with write_session(shop.parts.engine) as session:
        data = NewStudy(product="あまみず", loyal=1, quotas=["メール拒否=はい:1"])
        study = studies.create_study(session, actor=COMMAND_LINE, data=data, now=NOW)
        operations.pick(session, shop.store, actor=COMMAND_LINE, study=study, as_of=None, now=NOW)
        (card,) = queries.list_candidates(session, shop.store, study=study)
    told = "".join(say(reason, translator("en")) for reason in card.reasons)
    assert "Counts for the quota Refuses mail: refuses mail." in told
    assert "invite in another way" in told
