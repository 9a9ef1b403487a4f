"""`n1 purchases movement` says what the page says."""

import json
from pathlib import Path

from tests.purchases.build import row, text_of
from tests.support.commands import command_line

LINES = (
    row(order="1", customer="a", day="2025-01-10"),
    row(order="2", customer="b", day="2025-12-20"),
    row(order="3", customer="a", day="2026-01-05"),
)


def test_the_command_prints_rows_and_the_four_numbers(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(text_of(*LINES), encoding="utf-8")
    with command_line(tmp_path / "home", locale="ja") as n1:
        assert json.loads(n1("purchases", "movement", "--json").stdout)["rows"] == []
        done = n1("purchases", "import", str(tmp_path / "orders.csv"), "--source", "shop", "--yes")
        assert done.returncode == 0, done.stderr
        asked = ("purchases", "movement", "--from", "2025-12-25", "--to", "2026-01-05")
        found = json.loads(n1(*asked, "--json").stdout)
        assert (found["from_on"], found["to_on"]) == ("2025-12-25", "2026-01-05")
        assert found["rows"] == [
            {"from": "lapsed", "to": "active", "people": 1, "share": 1.0},
            {"from": "new", "to": "new", "people": 1, "share": 1.0},
        ]
        names = ("newly_loyal", "lapsed", "churned", "came_back", "moved", "new_customers", "gone")
        assert [found[name] for name in names] == [0, 0, 0, 1, 1, 0, 0]
        assert "休眠\t継続\t1\t100.0%" in n1(*asked).stdout
        wrong = n1("purchases", "movement", "--from", "2020-01-01")
        assert wrong.returncode == 2
        assert "2025-01-10" in wrong.stderr
        kept = json.loads(n1("purchases", "movement", "--since-change", "--json").stdout)
        assert (kept["made_by"], kept["from_on"], kept["rows"]) == ("import", None, [])
