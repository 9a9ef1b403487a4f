"""`n1 purchases`: what it prints, where it ends, and that docs/cli.md tells the truth."""

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.purchases.build import row, text_of
from tests.support.commands import command_line

ROOT = Path(__file__).resolve().parents[2]
GOOD = text_of(row(order="1"), row(order="2", customer="c2", price="500"), row(order="3", day="2026-02-30"))


@pytest.fixture
def n1(tmp_path: Path):
    with command_line(tmp_path / "home", locale="en") as run:
        yield lambda *words: run("purchases", *words)


def started(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own, as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "app", "purchases", *words],
        cwd=ROOT,
        env={**os.environ, "N1_HOME": str(home), "N1_LOCALE": "en", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def documented(heading: str) -> set[str]:
    text = (ROOT / "docs" / "cli.md").read_text("utf-8").split(heading, 1)[1].split("\n#", 1)[0]
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_import_summary_list_undo(n1, tmp_path: Path) -> None:
    file = tmp_path / "注文.csv"
    file.write_bytes(GOOD.encode("cp932"))
    asked = n1("import", str(file), "--source", "shop")
    assert asked.returncode == 2
    assert "Nothing was imported" in asked.stderr
    assert json.loads(n1("list", "--json").stdout) == []
    done = n1("import", str(file), "--source", "shop", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == documented("#### `--json`")
    assert told["rows_read"] == told["taken"] + told["known"] + len(told["held_back"])
    assert told["held_back"] == [
        {
            "line": 4,
            "column": "注文日",
            "value": "2026-02-30",
            "reason": "The order date is not a date we can read.",
        }
    ]
    assert (told["amount"], told["customers"], told["orders"]) == ({"JPY": "1500"}, 2, 2)
    out = tmp_path / "summary.csv"
    assert n1("summary", "--out", str(out)).returncode == 0
    with out.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    assert ",".join(rows[0]) == (
        "customer_id,orders,purchase_days,items,amount,first_order_on,last_order_on,days_since_last,mean_gap_days,r,f,m,"
        "decile,purchase_type,customer_class"
    )
    assert rows[1][:9] == ["c1", "1", "1", "1", "1000", "2026-01-01", "2026-01-01", "0", ""]
    undone = n1("undo", told["import_id"], "--json")
    assert json.loads(undone.stdout) == {"import_id": told["import_id"], "state": "undone"}
    assert n1("summary", "--out", str(out)).returncode == 2


def test_a_file_whose_name_is_no_utf8_is_taken(tmp_path: Path) -> None:
    """In processes of their own: what a shell hands over and a pipe takes is bytes."""
    file, home = tmp_path / os.fsdecode("注文.csv".encode("cp932")), tmp_path / "home"
    file.write_text(GOOD, "utf-8")
    done = started(home, "import", str(file), "--source", "shop", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(started(home, "list", "--json").stdout)[0]["file_name"].endswith(".csv")
    wrong = started(home, "import", str(tmp_path / "nothing.csv"), "--source", "shop", "--yes")
    assert (wrong.returncode, wrong.stdout, len(wrong.stderr.strip().splitlines())) == (2, "", 1)


def test_orders_of_nobody_known_are_not_called_no_orders(n1, tmp_path: Path) -> None:
    file, out = tmp_path / "orders.csv", tmp_path / "summary.csv"
    file.write_text(text_of(row(order="1", customer=""), row(order="2", customer="")), "utf-8")
    assert n1("import", str(file), "--source", "shop", "--yes").returncode == 0
    told = n1("summary", "--out", str(out))
    assert told.returncode == 2
    assert "Orders of customers nobody knows, in the whole store: 2." in told.stderr
    assert "There are no orders" in n1("summary", "--as-of", "2001-01-01", "--out", str(out)).stderr
    assert not out.exists()


def test_an_import_whose_worker_was_killed_is_listed_as_interrupted(n1, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(GOOD, "utf-8")
    assert n1("import", str(file), "--source", "shop", "--yes").returncode == 0
    with closing(sqlite3.connect(tmp_path / "home" / "app.sqlite3")) as connection, connection:
        connection.execute("UPDATE import_run SET state = 'undoing', phase = 'counting'")
    assert json.loads(n1("list", "--json").stdout)[0]["state"] == "interrupted"
    assert "\tinterrupted\t" in n1("list").stdout


def test_an_undo_that_was_killed_can_be_asked_for_again(n1, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(GOOD, "utf-8")
    public_id = json.loads(n1("import", str(file), "--source", "shop", "--yes", "--json").stdout)["import_id"]
    with closing(sqlite3.connect(tmp_path / "home" / "app.sqlite3")) as connection, connection:
        connection.execute("UPDATE import_run SET state = 'undoing' WHERE public_id = ?", (public_id,))
    again = n1("undo", public_id)
    assert again.returncode == 0, again.stderr
    assert n1("summary", "--out", str(tmp_path / "summary.csv")).returncode == 2


def test_a_wrong_mapping_file_is_told(n1, tmp_path: Path) -> None:
    file, mapping = tmp_path / "orders.csv", tmp_path / "mapping.toml"
    file.write_text(GOOD, "utf-8")
    mapping.write_text("[columns]\nshoe_size = '足'", "utf-8")
    done = n1("import", str(file), "--source", "shop", "--mapping", str(mapping), "--yes")
    assert done.returncode == 2
    assert done.stderr == "The mapping file has an unknown name: shoe_size.\n"


def test_every_name_a_mapping_may_use_is_documented() -> None:
    from app.purchases.files.mapping.headers import ALIASES, CANONICAL

    assert documented("#### Mapping file") == {*CANONICAL, *(set(ALIASES) - {"customer"})}


@pytest.mark.parametrize(
    ("data", "options", "told"),
    [
        (b"a,b\n1,2\n", "", "No column was found for"),
        (GOOD.encode("cp932"), 'encoding = "utf-8"', "encoding"),
        (GOOD.encode("cp932"), 'time_zone = "Mars/X"', "time_zone"),
        (GOOD.encode("cp932"), 'preset = "nope"', "preset"),
    ],
)
def test_what_cannot_be_taken_ends_in_one_sentence(n1, tmp_path: Path, data: bytes, options: str, told: str) -> None:
    file, mapping = tmp_path / "orders.csv", tmp_path / "mapping.toml"
    file.write_bytes(data)
    mapping.write_text(f"[options]\n{options}\n", encoding="utf-8")
    done = n1("import", str(file), "--source", "shop", "--mapping", str(mapping), "--yes", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_file_of_another_kind_is_told_with_what_to_type(n1, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    file.write_text("商品コード,商品名,シリーズ\nA,美容液,うるおい\n", encoding="utf-8")
    refused = n1("import", str(file), "--source", "shop", "--yes")
    assert refused.returncode == 2
    assert refused.stderr.strip().endswith(
        "Its columns fit another kind of file (Products): try again with --table products."
    )
    assert n1("import", str(file), "--source", "shop", "--table", "products", "--yes").returncode == 0
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "--table" not in n1("import", str(unknown), "--source", "shop", "--yes").stderr


def test_cells_that_count_as_empty_are_told_and_a_file_of_orders_is_called_nothing_else(n1, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("注文番号,顧客ID,注文日,金額,定期回数,通貨\n1,c1,2026-01-05,100,20260105,JPY\n", encoding="utf-8")
    taken = n1("import", str(file), "--source", "shop", "--yes")
    assert "  1\tThe delivery count is no number up to 999: it counts as empty." in taken.stdout.splitlines()
    file.write_text("注文番号,顧客ID,注文日,金額,通貨\n1,c1,2026-02-30,100,JPY\n", encoding="utf-8")
    refused = n1("import", str(file), "--source", "other", "--yes")
    assert "Every row was held back" in refused.stderr
    assert "--table" not in refused.stderr
