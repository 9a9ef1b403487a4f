"""What shops write about members, read without keeping more than is needed."""

from datetime import date

import pytest

from app.purchases.other import member_values as values
from app.purchases.other.prefectures import PREFECTURES, REGIONS, prefecture, region


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("男性", "male"), ("男", "male"), ("M", "male"), ("1", "male"), ("Male", "male"),
        ("女性", "female"), ("女", "female"), ("Ｆ", "female"), ("2", "female"), ("female", "female"),
        ("その他", "other"), ("無回答", "no_answer"), ("回答しない", "no_answer"), ("不明", "no_answer"), ("たぶん", None),
    ],
)  # fmt: skip
def test_sex(text: str, meant: str | None) -> None:
    assert values.sex(text) == meant


def test_prefectures_by_name_short_name_number_and_english() -> None:
    assert len(PREFECTURES) == 47
    assert len(REGIONS) == 8
    assert {prefecture(text) for text in ("東京", "東京都", "13", "Tokyo", "TŌKYŌ", "tokyo-to", "JP-13")} == {"東京都"}
    assert prefecture("京都") == "京都府"
    assert prefecture("大阪") == "大阪府"
    assert prefecture("1") == prefecture("01") == prefecture("北海道") == "北海道"
    assert prefecture("47") == "沖縄県"
    assert prefecture("Osaka Prefecture") == "大阪府"
    assert prefecture("国外") == "海外"
    assert prefecture("東京都港区芝1-2-3") is None
    assert prefecture("49") is None
    assert region("東京都") == "関東"
    assert region("海外") == "海外"


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("30代", "30"), ("30歳代", "30"), ("30-39", "30"), ("30～34歳", "30"), ("34", "30"), ("60代以上", "60"), ("30s", "30"),
        ("25-34", None), ("若い", None), ("999", None), ("8歳", "0"),
    ],
)  # fmt: skip
def test_age_bands(text: str, band: str | None) -> None:
    assert values.age_band(text) == band


def test_birth_years_months_and_ages() -> None:
    assert values.birth_year("1985年", newest=2026) == 1985
    assert values.birth_year("１９８５", newest=2026) == 1985
    assert values.birth_year("1885", newest=2026) is None
    assert values.birth_year("2027", newest=2026) is None
    assert [values.birth_month(text) for text in ("3", "３月", "12月生まれ", "March", "13", "0")] == [
        3,
        3,
        12,
        3,
        None,
        None,
    ]
    assert [values.age(text) for text in ("34歳", "7", "121", "x")] == [34, 7, None, None]


def test_bands_follow_the_day() -> None:
    assert values.band_of(1986, 11, date(2026, 11, 1)) == "40"
    assert values.band_of(1986, 12, date(2026, 11, 1)) == "30"
    assert values.band_of(1986, None, date(2026, 11, 1)) == "40"
    assert values.band_of(1989, 1, date(2026, 11, 1), width=5) == "35"


def test_the_day_a_file_was_made() -> None:
    assert values.file_day("customer_20261101120000.csv") == date(2026, 11, 1)
    assert values.file_day("customer_20261101.csv") == date(2026, 11, 1)
    assert values.file_day("会員 2026-11-01 (2).xlsx") == date(2026, 11, 1)
    assert values.file_day("会員.csv") is None
    assert values.file_day("x_20260231.csv") is None


@pytest.mark.parametrize(
    ("text", "header", "refused"),
    [
        ("1", "メルマガ拒否", True), ("0", "メルマガ拒否", False), ("はい", "DM不要", True),
        ("1", "メルマガ可否", False), ("0", "DM可否", True), ("可", "DM可否", False), ("不可", "DM可否", True),
        ("希望する", "メルマガ", False), ("希望しない", "メルマガ", True), ("配信停止", "メルマガ", True), ("拒否", "DM", True),
        ("yes", "Accepts Marketing", False), ("no", "Accepts Marketing", True), ("受け取らない", "メルマガ", True), ("?", "DM可否", None),
    ],
)  # fmt: skip
def test_mail_refused_in_both_directions(text: str, header: str, refused: bool | None) -> None:
    assert values.refuses_mail(text, header) is refused
