from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.i18n import read_catalogs, translator

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Hello {name}"
msgstr "{name}さん、こんにちは"

msgid "{n} person"
msgid_plural "{n} people"
msgstr[0] "{n}人"
"""


def test_catalogues_of_one_language_are_read_together(tmp_path: Path):
    (tmp_path / "a.po").write_text(PO, encoding="utf-8")
    (tmp_path / "b.po").write_text('msgid "Save"\nmsgstr "保存する"\n', encoding="utf-8")
    assert read_catalogs(tmp_path) == {
        "Hello {name}": "{name}さん、こんにちは", "{n} person": ("{n}人",), "Save": "保存する",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "¥0"),
        (9_999, "¥9,999"),
        (10_000, "1万円"),
        (174_400, "17.4万円"),
        (12_345_678, "1,235万円"),
        (-20_000, "-2万円"),
    ],
)
def test_short_amounts_read_like_japanese(amount: int, shown: str):
    assert translator("ja").man(Decimal(amount)) == shown


def test_yen_has_no_decimals_and_pounds_do():
    assert translator("ja").money(Decimal("1234.4"), "JPY") == "¥1,234"
    assert translator("ja").money(Decimal("12.5"), "GBP") == "£12.50"


def test_a_share_is_said_in_one_way():
    words = translator("ja")
    assert [words.percent(share) for share in (0, 0.0001, 0.4, 0.2318, 1)] == ["0%", "<0.1%", "40%", "23.2%", "100%"]


def test_days_and_moments_in_both_languages():
    day, moment = date(2026, 11, 20), datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert translator("ja").date(day) == "2026年11月20日(金)"
    assert translator("en").date(day) == "Fri, 20 Nov 2026"
    assert translator("ja").datetime(moment) == "2026年11月21日(土) 00:30"
    assert translator("ja").date(moment) == "2026年11月21日(土)"


def test_english_counts_one_and_many():
    words = translator("en")
    assert [words.plural("{n} person", "{n} people", n=n) for n in (1, 1200)] == ["1 person", "1,200 people"]


def test_a_reason_inside_a_sentence_is_said_in_the_same_language():
    said = translator("ja")(
        "Every row was held back, so nothing was taken. The first is line {line}, column {column}: {reason}",
        line=2, column="商品名", reason="The amount is not a number.",
    )  # fmt: skip
    assert "The amount" not in said
    assert "2行目" in said
