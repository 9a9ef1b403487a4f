"""`n1 purchases import --table members`, and what it prints."""

import json
from pathlib import Path

import pytest

from tests.purchases.build import row, text_of
from tests.support.commands import command_line


@pytest.fixture
def n1(tmp_path: Path):
    with command_line(tmp_path / "home", locale="en") as run:
        yield run


def test_members_are_recognised_or_named_and_a_mapping_file_may_be_given(n1, tmp_path: Path) -> None:
    orders, members, mapping = tmp_path / "orders.csv", tmp_path / "members.csv", tmp_path / "members.toml"
    orders.write_text(text_of(row(customer="c1")))
    members.write_text(text_of(("c1", "女", "乾燥肌"), ("c2", "男", "脂性肌"), headers=("会員ID", "性別", "肌質")))
    mapping.write_text('[columns]\ncustomer_key = "会員ID"\n"attribute:肌タイプ" = "肌質"\n')
    assert n1("purchases", "import", str(orders), "--source", "shop", "--yes").returncode == 0
    asked = n1("purchases", "import", str(members), "--source", "shop")
    assert asked.returncode == 2
    assert "Members: 2. With orders: 1. Not in the orders yet: 1." in asked.stdout
    done = n1("purchases", "import", str(members), "--source", "shop", "--table", "members", "--yes", "--json")
    told = json.loads(done.stdout)
    assert (told["rows_read"], told["taken"], told["customers"], told["customers_in_orders"]) == (2, 2, 2, 1)
    again = n1(
        "purchases",
        "import",
        str(members),
        "--source",
        "shop",
        "--table",
        "members",
        "--mapping",
        str(mapping),
        "--yes",
    )
    assert again.returncode == 0, again.stderr
    wrong = n1(
        "purchases", "import", str(members), "--source", "shop", "--table", "products", "--mapping", str(mapping)
    )
    assert wrong.returncode == 2
    assert "unknown name" in wrong.stderr
