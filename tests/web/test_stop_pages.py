"""The pages of stopping as a researcher meets them, and what is drawn on them."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from app.core.i18n import translator
from app.core.settings import Settings
from app.purchases.stopping.csv_file import stop_points_csv
from app.purchases.stopping.schemas import GivenReason, StopRow
from app.purchases.stopping.survival import survival
from app.web.charts.stopping.matrix import stop_matrix
from app.web.charts.stopping.steps import survival_shape
from tests.purchases.stopping import oracle
from tests.purchases.stopping.made_shop import COLUMNS, made
from tests.purchases.stopping.test_survival import REGULAR, cohort
from tests.support.database import copy_sqlite
from tests.web.purchase_shop import Shop, open_shop

PAGES = ("/purchases/stop-points", "/purchases/stop-points/survival", "/purchases/stop-points/surplus")
PEOPLE = re.compile(r'<a href="(/purchases/people-of\?[^"]+)">(?:<b>)?([0-9,]+)<')
ROW = StopRow(1, "A", "single", "stopped", people=5, reached=20, waiting=3, usual_days=60)


@pytest.fixture(scope="module")
def stocked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A random shop of which the days of two products are set."""
    home = tmp_path_factory.mktemp("stopping")
    copy_sqlite(sqlite_template, home)
    with open_shop(Settings(home=home)) as opened:
        file = {"file": ("受注.csv", made(5).csv().encode(), "text/csv")}
        sent = opened.client.post("/purchases/imports", data={"source": "shop", "table": "orders"}, files=file)
        path = str(sent.headers["location"])
        opened.post(
            f"{path}/mapping", {f"col_{name}": header for name, header in COLUMNS.items()} | {"action": "check"}
        )
        opened.post(f"{path}/confirm")
        for code in ("SA", "A"):
            form = {"source": "shop", "product_code": code, "days_per_unit": "45"}
            opened.post("/purchases/products", form)
        yield opened


@pytest.mark.parametrize("path", PAGES)
def test_without_orders_the_page_says_what_belongs_there(settings: Settings, path: str) -> None:
    with open_shop(settings) as shop:
        page = shop.page(path)
    assert "まだ注文がありません" in page
    assert "/purchases/imports/new" in page


@pytest.mark.parametrize("path", PAGES)
def test_a_build_from_before_says_when_the_figures_come(stocked: Shop, path: str) -> None:
    store = stocked.services.orders
    aside = [(file, file.with_suffix(".aside")) for file in store.orders_dir.glob("orders-*")]
    for file, away in aside:
        file.rename(away)
    try:
        assert "まだ集計していません" in stocked.page(path)
    finally:
        for file, away in aside:
            away.rename(file)


def test_numbers_open_as_many_people_as_they_say(stocked: Shop) -> None:
    points = stocked.page(PAGES[0])
    found = PEOPLE.findall(points) + PEOPLE.findall(stocked.page(PAGES[2]))
    assert len(found) > 30
    for address, number in found[::6]:
        assert f"<b>{number}人</b>" in stocked.page(unescape(address)), address
    for address, number in PEOPLE.findall(stocked.page(PAGES[1]))[::5]:
        people = re.search(r"<b>([0-9,]+)人</b>", stocked.page(unescape(address)))
        assert people is not None
        assert 0 < int(people[1]) <= int(number.replace(",", ""))


def test_a_stop_point_leads_to_a_study_with_its_hypotheses(stocked: Shop) -> None:
    page = stocked.page(PAGES[0])
    assert "定期1回で解約した方は、会社・商品の理解が浅いまま申し込んでいる" in page
    link = next(one for one in re.findall(r'href="(/studies/new\?[^"]+)"', page) if "subscription_1" in one)
    form = stocked.page(unescape(link))
    assert 'value="subscription_1" checked' in form
    assert 'value="商品S' in form


def test_a_page_too_far_is_the_last_one(stocked: Shop) -> None:
    def listed(page: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = PEOPLE.findall(stocked.page(f"{PAGES[0]}{page}"))
        return found

    assert listed("?page=999") == listed("?page=99")
    assert listed("?page=x") == listed("") != listed("?page=2")


def test_all_products_together_say_what_each_of_them_adds_up_to(stocked: Shop) -> None:
    page = stocked.page(f"{PAGES[0]}?by=together")
    assert "すべての商品" in page
    assert "商品SA" not in page
    for address, number in PEOPLE.findall(page)[:3]:
        assert "stop_product" not in address
        assert f"<b>{number}人</b>" in stocked.page(unescape(address))


def test_the_file_has_every_stop_point_and_no_formula(stocked: Shop) -> None:
    sent = stocked.client.get("/purchases/stop-points.csv")
    assert sent.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.search(r'filename="stop-points-\d{4}-\d\d-\d\d\.csv"', sent.headers["content-disposition"])
    heading, *rows = list(csv.reader(io.StringIO(sent.text.removeprefix("\ufeff"))))
    assert heading[:6] == ["商品", "種類", "回", "離脱のしかた", "人数", "そこまで来た人数"]
    points = oracle.stop_points(made(5).orders)
    assert {(int(row[2]), row[0]): int(row[4]) for row in rows if row[3] == "解約"} == {
        point[:2]: found["people"] for point, found in points.items() if point[3] == "cancelled"
    }
    assert len(rows) == len(points)
    assert heading[-1] == "基準日"
    assert {row[-1] for row in rows} == {sent.headers["content-disposition"][-15:-5]}
    risky = replace(ROW, product="=1+1", ending="cancelled", reasons=(GivenReason("+81", 2),))
    assert stop_points_csv([risky], date(2026, 10, 31), translator("en", "Asia/Tokyo")).text.splitlines()[1] == (
        "'=1+1,Single purchase,1,cancelled,5,20,3,29.4,60,'+81 2,0,0,2026-10-31"
    )


def test_products_without_days_lead_to_the_products(stocked: Shop) -> None:
    page = stocked.page(PAGES[2])
    assert "1個の目安日数がまだない商品" in page
    assert '<a class="btn" href="/purchases/products">' in page


def test_a_study_planned_at_a_stop_point_proposes_its_people(stocked: Shop) -> None:
    (address, *_) = re.findall(r'href="(/studies/new\?[^"]+)"', stocked.page(PAGES[0]))
    form = stocked.page(unescape(address))
    rule = re.findall(r'name="people" value="([^"]+)" checked', form)[0]
    assert "stop_number=" in rule
    assert "休眠・離反の候補は、この離脱点の方に限る" in form
    wrong = stocked.post("/studies", {"product": "A", "people": unescape(rule), "rule": unescape(rule)}, status=422)
    assert f'name="people" value="{rule}" checked' in wrong
    made = stocked.client.post("/studies", data={"product": "A", "lapsed": "2", "people": unescape(rule)})
    page = stocked.page(made.headers["location"])
    assert "休眠・離反の候補は、この離脱点の方に限る" in page
    assert "離脱点" in page


def test_the_matrix_adds_both_endings_and_marks_the_cells_of_most_people() -> None:
    rows = [
        replace(ROW, nth=1, ending="cancelled", people=3), ROW, replace(ROW, nth=2, reached=10), replace(ROW, nth=7, people=2),
        replace(ROW, nth=9, people=1), replace(ROW, product="B", people=1),
    ]  # fmt: skip
    matrix = stop_matrix(rows)
    first, second = matrix.lines
    assert [(cell.people, cell.percent, cell.hot) for cell in first.cells] == [
        (8, 47, True), (5, 71, True), (0, None, False), (0, None, False), (0, None, False), (3, None, True),
    ]  # fmt: skip
    assert (first.people, second.people, matrix.more) == (16, 1, 0)
    assert stop_matrix([]).lines == ()
    assert stop_matrix([replace(ROW, product=str(n)) for n in range(11)]).more == 3


def test_the_steps_go_down_where_people_stop_and_the_forecast_is_dashed() -> None:
    shape = survival_shape(survival("S", cohort(REGULAR)), width=758, height=252)
    assert shape.steps.startswith("M44 18H102.3V91.8H")
    assert shape.faint == ""
    assert shape.line.count("L") == 7
    assert shape.ahead.count("L") == 5
    assert [tick.number for tick in shape.columns] == list(range(1, 13))


def test_nothing_known_draws_nothing() -> None:
    shape = survival_shape(survival("S", []))
    assert (shape.steps, shape.faint, shape.line, shape.ahead) == ("", "", "", "")
