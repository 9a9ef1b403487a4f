"""Attributes beside the customers: the newest import wins, undo brings the older value back, merges carry them along."""

import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from app.purchases.other import attribute_tables, attributes
from app.purchases.other.attribute_words import Attribute, read_name, read_value, value_label, value_order
from app.purchases.other.member_values import band_of
from tests.purchases.other.build import a_list, brought

DAY = date(2026, 11, 15)


def built(folder: Path, *files: Path, merged: pa.Table | None = None, as_of: date = DAY) -> sqlite3.Connection:
    listed = folder / "list.sqlite3"
    listed.unlink(missing_ok=True)
    a_list(listed)
    with duckdb.connect() as connection:
        attribute_tables.write(connection, listed, files, as_of=as_of, merged=merged)
    return sqlite3.connect(listed)


def of(connection: sqlite3.Connection, ref: str) -> dict[str, str]:
    return {one.name: one.value for one in attributes.of_customer(connection, ref)}


def test_the_newest_import_wins_for_each_attribute_and_undo_brings_the_older_back(tmp_path: Path) -> None:
    first = brought(tmp_path / "a1.parquet", 1, [("c1", "", ""), ("c1", "sex", "female"), ("c1", "肌質", "乾燥肌")])
    second = brought(tmp_path / "a2.parquet", 2, [("c1", "", ""), ("c1", "肌質", "混合肌"), ("c2", "肌質", "混合肌")])
    both = built(tmp_path, first, second)
    assert of(both, "ref1") == {"sex": "female", "肌質": "混合肌"}
    assert of(both, "ref2") == {"肌質": "混合肌"}
    assert of(built(tmp_path, first), "ref1") == {"sex": "female", "肌質": "乾燥肌"}
    assert of(built(tmp_path, second), "ref1") == {"肌質": "混合肌"}
    assert of(built(tmp_path), "ref1") == {}


def test_every_value_with_its_people_and_those_of_whom_nothing_is_known(tmp_path: Path) -> None:
    rows = [(who, "", "") for who in ("c1", "c2", "c3", "c9")]
    rows += [("c1", "sex", "female"), ("c2", "sex", "female"), ("c3", "sex", "male"), ("c9", "sex", "male")]
    found = attributes.overview(built(tmp_path, brought(tmp_path / "a.parquet", 1, rows)))
    assert (found.customers, found.members, found.without_orders) == (4, 4, 1)
    (sex,) = found.attributes
    assert [(one.value, one.people) for one in sex.values] == [("female", 2), ("male", 1)]
    assert (sex.known, sex.unknown, sex.more) == (3, 1, 0)
    assert sex.values[0].share == pytest.approx(2 / 3)


def test_age_groups_follow_the_as_of_date(tmp_path: Path) -> None:
    file = brought(
        tmp_path / "a.parquet",
        1,
        [("c1", "birth_year", "1986"), ("c1", "birth_month", "12"), ("c1", "age_band", "60"), ("c2", "age_band", "50")],
    )
    assert of(built(tmp_path, file), "ref1")["age_band"] == "30" == band_of(1986, 12, DAY)
    assert of(built(tmp_path, file, as_of=date(2026, 12, 1)), "ref1")["age_band"] == "40"
    assert of(built(tmp_path, file), "ref2")["age_band"] == "50"


def test_attributes_go_with_a_merge(tmp_path: Path) -> None:
    file = brought(tmp_path / "a.parquet", 1, [("mail-1", "", ""), ("mail-1", "sex", "female")])
    merged = pa.table([["shop"], ["mail-1"], ["shop"], ["c4"]], attribute_tables.MERGED)
    connection = built(tmp_path, file, merged=merged)
    assert of(connection, "ref4") == {"sex": "female"}
    assert attributes.overview(connection).without_orders == 0
    assert of(built(tmp_path, file), "ref4") == {}


def test_who_has_a_value(tmp_path: Path) -> None:
    connection = built(tmp_path, brought(tmp_path / "a.parquet", 1, [("c1", "sex", "female"), ("c3", "sex", "male")]))
    assert attributes.by_customer(connection, "sex") == {"ref1": "female", "ref3": "male"}
    assert attributes.value_id(connection, Attribute("sex", "male"))[1] == 1
    assert attributes.value_id(connection, Attribute("sex", "other")) == (0, 0)


def test_a_list_of_an_earlier_version_holds_no_attributes(tmp_path: Path) -> None:
    connection = sqlite3.connect(a_list(tmp_path / "old.sqlite3"))
    assert attributes.of_customer(connection, "ref1") == ()
    assert attributes.overview(connection).attributes == ()
    assert attributes.by_customer(connection, "sex") == {}
    assert attributes.value_id(connection, Attribute("sex", "male")) == (0, 0)


def test_an_attribute_of_very_many_values_is_no_choice(tmp_path: Path) -> None:
    people = [(f"r{n}", "shop", f"c{n}", "new") for n in range(70)]
    listed = a_list(tmp_path / "many.sqlite3", people)
    file = brought(tmp_path / "a.parquet", 1, [(f"c{n}", "点数", str(n)) for n in range(70)])
    with duckdb.connect() as connection:
        attribute_tables.write(connection, listed, [file], as_of=DAY)
    with sqlite3.connect(listed) as connection:
        assert attributes.overview(connection).attributes[0].more == 10
        assert attributes.choices(connection) == ()


def test_words_of_people_for_names_and_values() -> None:
    assert [read_name(word) for word in ("性別", "Sex", "sex", "肌質", " 年代 ")] == [
        "sex",
        "sex",
        "sex",
        "肌質",
        "age_band",
    ]
    assert read_value("sex", "女性") == "female"
    assert read_value("sex", "women") == "female"
    assert read_value("age_band", "30代") == "30"
    assert read_value("prefecture", "東京") == "東京都"
    assert read_value("birth_month", "3月") == "3"
    assert read_value("mail_refused", "はい") == "yes"
    assert read_value("肌質", "乾燥肌") == "乾燥肌"
    assert sorted(["沖縄県", "北海道"], key=lambda one: value_order("prefecture", one)) == ["北海道", "沖縄県"]
    assert sorted(["10", "9", "x"], key=lambda one: value_order("点数", one)) == ["9", "10", "x"]


def test_values_are_said_in_the_readers_language() -> None:
    from app.core.i18n import translator

    t = translator("en")
    assert value_label("age_band", "30", t) == "30s"
    assert value_label("age_band", "0", t) == "under 10"
    assert value_label("sex", "female", t) == "women"
    assert value_label("肌質", "乾燥肌", t) == "乾燥肌"
