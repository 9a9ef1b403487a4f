"""The demo's own data: the files hold every type, class, stop point and dirt, and the answers fit the orders."""

import gzip
import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from types import ModuleType

import pytest

from app.cli.demo_files import OWN_SHOP, Talk, read_company, read_talks
from app.interviews.models import ConsentItem
from tests.cli.demo_oracle import (
    DEMO,
    MALL_FILE,
    OWN_FILES,
    SOURCES,
    VOID,
    Oracle,
    Verdict,
    classify,
    day_of,
    read_source,
    rows_of,
    stop_point,
)  # fmt: skip

AS_OF = date(2026, 10, 31)
TALKS = read_talks()
TWINS = (("20101", "20102"), ("20103", "20104"), ("20106", "20107"))


@pytest.fixture(scope="module")
def oracles() -> dict[str, Oracle]:
    return {source: read_source(source) for source in SOURCES}


@pytest.fixture(scope="module")
def verdicts(oracles) -> dict[str, dict[str, Verdict]]:
    return {source: classify(oracle, AS_OF) for source, oracle in oracles.items()}


@pytest.fixture
def maker(monkeypatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(DEMO))
    module = importlib.import_module("make_orders")
    yield module
    sys.modules.pop("make_orders", None)
    sys.modules.pop("invented_customers", None)


def test_the_order_files_are_what_the_script_writes(maker):
    written = maker.files()
    kept = {path.name: gzip.decompress(path.read_bytes()) for path in (DEMO / "orders").glob("*.gz")}
    assert kept == {f"{name}.gz": content for name, content in written.items()}


def test_more_than_three_thousand_customers_over_two_years(oracles):
    days = [order.on for oracle in oracles.values() for found in oracle.orders.values() for order in found]
    assert sum(len(oracle.orders) for oracle in oracles.values()) >= 3000
    assert (min(days), max(days)) == (date(2024, 11, 1), AS_OF)


def test_every_type_and_class_is_there(verdicts):
    own = verdicts[OWN_SHOP].values()
    types = Counter(verdict.purchase_type for verdict in own)
    classes = Counter(verdict.customer_class for verdict in own)
    assert set(types) == {"first_time", "budding", "trend", "repeat", "fan"}
    assert set(classes) == {"churned", "lapsed", "new", "loyal", "active"}
    assert min(*types.values(), *classes.values()) >= 50


def test_every_stop_point_is_there(oracles, verdicts):
    own = oracles[OWN_SHOP]
    gone = [customer for customer, verdict in verdicts[OWN_SHOP].items() if verdict.customer_class == "churned"]
    stops = Counter(stop_point(own, customer) for customer in gone)
    for name in (
        "定期1回→解約",
        "定期2回→解約",
        "定期3回→解約",
        "定期4回→解約",
        "トライアル1回→離反",
        "単品1回→離反",
        "単品2回→離反",
    ):
        assert stops[name] >= 20, name
    assert stops["定期1回→解約"] > stops["定期2回→解約"]
    assert stops["定期4回→解約"] > stops["定期3回→解約"]


def test_the_files_are_as_dirty_as_real_ones():
    first, second = (rows_of(name) for name in OWN_FILES)
    own, mall = first + second, rows_of(MALL_FILE)
    assert {"注文取消し", "返品", "発送済み"} <= {row["対応状況(名称)"] for row in own}
    assert {"商品", "送料", "手数料", "割引"} <= {row["明細区分(名称)"] for row in own}
    assert any(row["価格"] == "0" and row["明細区分(名称)"] == "商品" for row in own)
    assert any(not row["価格"].isascii() for row in own)
    assert any(not row["会員ID"] for row in own)
    assert any(not row["注文者ID"] for row in mall)
    assert any(row["個数"].startswith("-") for row in mall)
    assert sum(day_of(row["受注日"]) is None for row in first) == 5
    assert sum(before == after for before, after in pairwise(first)) >= 8
    assert VOID & {row["ステータス"] for row in mall}


def test_april_is_in_both_files_and_the_second_knows_more():
    first, second = (
        {row["注文詳細ID"]: row for row in rows_of(name) if row["受注日"].startswith("2026-04")} for name in OWN_FILES
    )
    both = first.keys() & second.keys()
    assert len(both) > 500
    assert any(not first[key]["キャンセル日"] and second[key]["キャンセル日"] for key in both)


def test_people_use_numbers_and_addresses_that_nobody_has():
    for name in OWN_FILES:
        for row in rows_of(name):
            assert row["TEL"].startswith("090-0000-")
            assert row["メールアドレス"].endswith("@example.com") or not row["メールアドレス"]


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk.customer_id)
def test_answers_belong_to_a_customer_of_the_right_class(talk: Talk, verdicts):
    verdict = verdicts[talk.source][talk.customer_id]
    asked_why_stopped = {"c1", "c2"} & set(talk.answers)
    assert bool(asked_why_stopped) == (verdict.customer_class in {"lapsed", "churned"})
    assert verdict.customer_class in {"loyal", "lapsed", "churned"}
    assert not set(talk.skipped) & set(talk.answers)
    assert talk.held_at.date() > verdict.last_on
    assert ConsentItem.PARTICIPATION in talk.granted


def test_enough_people_of_each_lane_were_asked(verdicts):
    done = [talk for talk in TALKS if not talk.live]
    lanes = Counter(verdicts[talk.source][talk.customer_id].customer_class for talk in done)
    assert len(done) >= 14
    assert lanes["loyal"] >= 5
    assert lanes["lapsed"] >= 4
    assert lanes["churned"] >= 5
    assert any(talk.live for talk in TALKS)
    assert any(talk.skipped for talk in done)
    assert any(ConsentItem.PLANNING_USE not in talk.granted for talk in done)
    assert any(ConsentItem.RECORDING not in talk.granted for talk in done)


@pytest.mark.parametrize(("stayed", "left"), TWINS)
def test_twins_began_alike_and_parted(stayed, left, oracles, verdicts):
    own = oracles[OWN_SHOP]
    begins = {
        (
            own.orders[customer][0].lines[0][0],
            own.orders[customer][0].on.strftime("%Y-%m"),
            own.orders[customer][0].channel,
        )
        for customer in (stayed, left)
    }
    assert len(begins) == 1
    assert verdicts[OWN_SHOP][stayed].customer_class == "loyal"
    assert verdicts[OWN_SHOP][left].customer_class in {"lapsed", "churned"}


def test_the_company_asks_for_as_many_people_as_were_interviewed(verdicts):
    study = next(study for study in read_company().studies if study.interviews)
    lanes = Counter(verdicts[talk.source][talk.customer_id].customer_class for talk in TALKS)
    wanted = {"loyal": study.loyal, "lapsed": study.lapsed, "churned": study.churned}
    assert all(wanted[lane] >= asked for lane, asked in lanes.items())
