"""`n1 purchases stop-points|survival|surplus`: the figures of the pages as JSON and as plain lines."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.purchases.stopping.made_shop import COLUMNS, MadeShop, Order, made
from tests.support.commands import Command, command_line

MAPPING = "[columns]\n" + "".join(f'{name} = "{header}"\n' for name, header in COLUMNS.items())


@pytest.fixture
def n1(tmp_path: Path):
    with command_line(tmp_path / "home", locale="ja") as run:
        yield run


def filled(n1: Command, folder: Path, shop: MadeShop) -> Command:
    (folder / "orders.csv").write_text(shop.csv(), encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    words = ["--source", "shop", "--mapping", str(folder / "mapping.toml"), "--yes"]
    done = n1("purchases", "import", str(folder / "orders.csv"), *words)
    assert done.returncode == 0, done.stderr
    return n1


def told(done: Any) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def fourth_delivery() -> MadeShop:
    """One subscriber who cancels three days after the fourth delivery, and one who goes on."""
    shop = made(0, 0)
    for nth, month in enumerate((1, 2, 3, 4), 1):
        for person in ("a", "b"):
            day = made_day(month)
            one = Order(f"{person}{nth}", person, day, "S", "subscription", 1, f"T{person}", nth)
            if (person, nth) == ("a", 4):
                one.ended, one.reason = day.replace(day=13), "余っている"
            shop.orders.append(one)
    shop.orders.append(Order("b5", "b", made_day(5), "S", "subscription", 1, "Tb", 5))
    return shop


def made_day(month: int) -> date:
    return date(2026, month, 10)


def test_the_fourth_delivery_has_its_reason_and_its_hypotheses(n1: Command, tmp_path: Path) -> None:
    run = filled(n1, tmp_path, fourth_delivery())
    found = told(run("purchases", "stop-points", "--json"))
    assert (found["as_of"], found["customers"], found["stopped"]) == ("2026-05-10", 2, 1)
    (row,) = found["stop_points"]
    assert row["hypothesis"][0] == "定期4回で解約した方は、商品が余っている"
    assert {name: row[name] for name in row if name != "hypothesis"} == {
        "nth": 4, "product": "商品S", "kind": "subscription", "ending": "cancelled", "people": 1, "reached": 2, "waiting": 0,
        "known": 2, "share": 0.5, "usual_days": 3, "reasons": [{"reason": "余っている", "people": 1}], "rarer_reasons": 0, "no_reason": 0,
    }  # fmt: skip
    assert run("purchases", "stop-points").stdout == "4\t商品S\t定期\t解約\t1\t2\t50.0%\t3\n"
    (curve,) = told(run("purchases", "survival", "--json"))["survival"]
    assert (curve["subscriptions"], curve["ended"], curve["late"]) == (2, 1, 0)
    assert [step["still"] for step in curve["steps"]] == [1, 1, 1, 0.5]
    assert curve["cautions"][:2] == ["few", "one_cohort"]
    assert run("purchases", "survival").stdout.splitlines()[3].startswith("商品S\t4\t2\t1\t50.0%\t")


def test_surplus_needs_to_know_how_long_a_piece_lasts(n1: Command, tmp_path: Path) -> None:
    run = filled(n1, tmp_path, fourth_delivery())
    nothing = told(run("purchases", "surplus", "--json"))
    assert (nothing["surplus"], nothing["products_not_set"]) == ([], 1)
    assert nothing["not_set"] == [{"source": "shop", "product": "商品S", "orders": 9}]
    set_days = run("purchases", "products", "set", "--source", "shop", "--code", "S", "--days", "60")
    assert set_days.returncode == 0, set_days.stderr
    (row,) = told(run("purchases", "surplus", "--json"))["surplus"]
    assert [(one["standing"], one["median_days"], one["more_than_two"]) for one in row["groups"]] == [
        ("going", 180, 1),
        ("cancelled", 147, 1),
    ]
    assert run("purchases", "surplus").stdout == "商品S\t続けている方\t1\t180\t1\n商品S\t解約した方\t1\t147\t1\n"


@pytest.mark.parametrize("command", ["stop-points", "survival", "surplus"])
def test_without_orders_there_is_nothing_to_print(n1: Command, command: str) -> None:
    assert n1("purchases", command).stdout == "まだ注文がありません。\n"
    assert told(n1("purchases", command, "--json"))[command.replace("-", "_")] == []
