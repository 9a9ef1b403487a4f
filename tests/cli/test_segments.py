"""`n1 purchases segments`: what it prints, and where it ends."""

import csv
import json
from pathlib import Path

import pytest

from app.core.settings import Settings
from tests.purchases.build import Shop, row, text_of
from tests.support.commands import Command, command_line
from tests.support.homes import Homes


@pytest.fixture
def n1(settings: Settings):
    with command_line(settings.home, locale="ja") as run:
        yield lambda *words: run("purchases", *words)


@pytest.fixture
def filled(settings: Settings, homes: Homes, n1: Command) -> Command:
    homes.fill(settings, fill)
    return n1


def fill(shop: Shop) -> None:
    lines = [row(order=f"{customer}{n}", customer=customer, day=f"2026-0{n}-05") for customer, times in (("a", 1), ("b", 2), ("c", 3)) for n in range(1, times + 1)]  # fmt: skip
    shop.take(text_of(*lines))


def test_conditions_are_counted_saved_and_shown(filled: Command) -> None:
    counted = json.loads(filled("segments", "count", "orders=2-", "--json").stdout)
    assert counted == {
        "rule": "orders=2-", "conditions": ["注文が2回以上"], "people": 2, "orders": 5, "amount": {"JPY": "5000"},
    }  # fmt: skip
    made = json.loads(filled("segments", "create", "二回以上", "orders=2-", "--json").stdout)
    assert (made["kind"], made["people"], made["frozen_on"], made["gone"]) == ("moving", 2, None, None)
    frozen = json.loads(
        filled("segments", "create", "いまの人", f"segment={made['segment']}", "--frozen", "--json").stdout
    )
    assert (frozen["kind"], frozen["frozen_people"], frozen["gone"], frozen["frozen_on"]) == (
        "frozen",
        2,
        0,
        "2026-03-05",
    )
    assert [one["name"] for one in json.loads(filled("segments", "list", "--json").stdout)] == ["いまの人", "二回以上"]
    shown = json.loads(filled("segments", "show", "いまの人", "--json").stdout)
    assert (shown["people"], shown["orders"], shown["conditions"]) == (2, 5, ["抽出条件「二回以上」に入っている"])
    assert "注文が2回以上" in filled("segments", "list").stdout


def test_people_are_written_and_the_columns_are_chosen(filled: Command, tmp_path: Path) -> None:
    out = tmp_path / "people.csv"
    told = filled(
        "segments", "export", "--rule", "orders=2-", "--columns", "customer_id,orders", "--out", str(out), "--json"
    )
    assert json.loads(told.stdout) == {
        "people": 2,
        "as_of": "2026-03-05",
        "columns": ["customer_id", "orders"],
    }
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["顧客番号", "注文", "基準日"],
            ["b", "2", "2026-03-05"],
            ["c", "3", "2026-03-05"],
        ]


def test_segments_are_renamed_changed_and_deleted(filled: Command) -> None:
    made = json.loads(filled("segments", "create", "二回以上", "orders=2-", "--json").stdout)
    renamed = json.loads(filled("segments", "rename", "二回以上", "よく買う人", "--json").stdout)
    assert (renamed["segment"], renamed["name"]) == (made["segment"], "よく買う人")
    changed = json.loads(filled("segments", "change", made["segment"], "orders=3-", "--json").stdout)
    assert (changed["rule"], changed["people"]) == ("orders=3-", 1)
    filled("segments", "create", "いまの人", "orders=2-", "--frozen")
    filled("segments", "create", "二つ", f"segment={made['segment']}")
    named = filled("segments", "delete", "よく買う人")
    assert (named.returncode, named.stdout) == (2, "")
    assert "二つ" in named.stderr
    assert filled("segments", "delete", "二つ").returncode == 0
    assert filled("segments", "change", "いまの人", "orders=3-").returncode == 2
    assert filled("segments", "rename", "いまの人", "よく買う人").returncode == 2
    assert json.loads(filled("segments", "delete", "よく買う人", "--json").stdout) == {"deleted": made["segment"]}
    assert [one["name"] for one in json.loads(filled("segments", "list", "--json").stdout)] == ["いまの人"]


@pytest.mark.parametrize(
    "words",
    [
        ("count", "orders=many"),
        ("count", "order=2-"),
        ("count", "orders="),
        ("count", "orders=2-&" * 401),
        ("create", "x", "order=2-"),
        ("change", "no-such-one", "order=2-"),
        ("export", "--rule", "order=2-", "--out", "people.csv"),
        ("export", "--rule", "orders=2-", "--segment", "x", "--out", "people.csv"),
        ("show", "no-such-one"),
        ("create", " ", "orders=2-"),
        ("create", "あ" * 121, "orders=2-"),
        ("rename", "no-such-one", "x"),
        ("change", "no-such-one", "orders=2-"),
        ("delete", "no-such-one"),
        ("export", "--rule", "orders=2-", "--columns", "phone", "--out", "people.csv"),
    ],
)
def test_what_does_not_fit_ends_with_one_sentence(filled: Command, words: tuple[str, ...]) -> None:
    ended = filled("segments", *words)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1


def test_an_empty_store_has_nobody(n1: Command) -> None:
    assert json.loads(n1("segments", "count", "", "--json").stdout)["people"] == 0
    assert n1("segments", "create", "だれも", "orders=2-", "--frozen").returncode == 2
