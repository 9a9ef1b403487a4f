"""`n1 purchases people` from the outside: suggestions, merge, split, decline."""

import json
from typing import Any

import pytest

from app.core.settings import Settings
from tests.purchases.build import Shop
from tests.purchases.identity.shops import figures, take_both
from tests.support.commands import command_line
from tests.support.homes import Homes


@pytest.fixture
def run(settings: Settings, homes: Homes):
    homes.fill(settings, take_both)
    with command_line(settings.home, locale="ja") as n1:

        def command(*words: str, code: int = 0) -> Any:
            done = n1("purchases", "people", *words)
            assert done.returncode == code, done.stderr
            if code:
                return done.stderr.strip()
            return json.loads(done.stdout) if "--json" in words else done.stdout

        yield command


def test_from_suggestion_to_merge_and_back(run, shop: Shop) -> None:
    before = figures(shop)
    found = run("suggestions", "--json")
    assert found["pairs"] == 3
    first = found["suggestions"][0]
    assert first["reasons"][0] == "mail"
    assert "hana@" not in json.dumps(found).casefold()
    made = run("merge", first["suggestion"], "--json")
    assert (made["verdict"], made["to"]) == ("merged", "shop/1001")
    assert figures(shop)[("shop", "1001")] == (3, 3000)
    assert run("split", made["decision"], "--json")["undone"]
    assert figures(shop) == before


def test_by_hand_and_what_is_refused(run) -> None:
    made = run("merge", "--one", "shop/1002", "--other", "mall/56", "--keep", "other", "--json")
    assert (made["customer"], made["to"], made["reason"]) == ("shop/1002", "mall/56", "by_hand")
    assert "すでに1人" in run("merge", "--one", "mall/56", "--other", "shop/1002", code=2)
    assert "取り込み元/番号" in run("merge", "--one", "mall", "--other", "shop/1002", code=2)
    assert "候補の番号か" in run("merge", code=2)


def test_a_declined_pair_is_listed_and_gone_from_the_suggestions(run) -> None:
    first = run("suggestions").splitlines()[0].split("\t")[0]
    run("decline", first)
    assert "declined" in run("list")


def test_names_are_asked_for(run) -> None:
    def names(*words: str) -> set[str]:
        fields = run("suggestions", "--json", *words)["suggestions"][0]["fields"]
        return {text for row in fields if row["field"] in {"name", "kana"} for text in (row["one"], row["other"])}

    assert names() == {"山…", "ヤ…"}
    assert names("--show-names") == {"山田 花子", "ヤマダハナコ"}


def test_amounts_are_plain_decimals(run) -> None:
    first = run("suggestions", "--json")["suggestions"][0]
    assert {first["one"]["amount"], first["other"]["amount"]} == {"2000", "1000"}
