"""Scores, layers and thresholds on the pages: from numbers to people, from typed numbers to a preview and a saved change."""

import csv
import html
import io
import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from app.accounts.models import AuditEntry
from app.core.database import read_session
from app.core.settings import Settings
from app.purchases.scoring.thresholds import typed
from app.purchases.segments_file import defaults, in_force
from tests.purchases.build import Shop as Orders
from tests.support.homes import Homes
from tests.web.purchase_shop import COLUMNS, Shop, open_shop, order_file, row

USUAL = typed(defaults(), ["JPY"])


@pytest.fixture
def shop(settings: Settings, homes: Homes) -> Iterator[Shop]:
    homes.fill(settings, fill)
    with open_shop(settings) as opened:
        yield opened


def fill(shop: Orders) -> None:
    rows = [row(number=n, customer=f"K{n:03}", day=f"2026/{n:02}/10", amount=str(1000 * n)) for n in range(1, 10)]
    again = [row(number=100 + n, customer=f"K{n:03}", day="2026/09/20") for n in (1, 2)]
    shop.take(order_file(*rows, *again), source="本店", columns=COLUMNS)


def test_the_numbers_of_scores_and_layers_open_their_people(shop: Shop) -> None:
    links = []
    for path in ("/purchases/scores", "/purchases/scores?by=ranks", "/purchases/layers"):
        page = shop.page(path)
        found = re.findall(r'href="(/purchases/people-of\?[^"]+)"[^>]*>(?:<span class="ce-n">)?([\d,]+)', page)
        assert len(found) >= 5
        links += found
    for link, number in dict(links).items():
        assert re.search(rf"<b>{number}</b>|\b{number}人", shop.page(link.replace("&amp;", "&"))), link


def test_a_change_is_foretold_then_saved_counted_and_taken_back(shop: Shop) -> None:
    shop.page("/purchases/thresholds")
    wanted = USUAL | {"lapse_least": "1", "lapse_most": "30", "churn_days": "60", "churn_times_lapse": "1"}
    foretold = shop.post("/purchases/thresholds/preview", wanted | {"action": "preview"}, status=200)
    assert "変わる人" in foretold
    shown = fields(foretold)
    assert {name: shown[name] for name in wanted} == wanted
    with read_session(shop.services.engine) as session:
        assert in_force(session) == defaults()
    moved = re.search(r"区分が変わる人(\d+)人", foretold)
    assert moved
    assert int(moved[1]) > 0
    assert 'customer_class=churned">' not in shop.page("/purchases/layers")
    shop.post("/purchases/thresholds", shown)
    with read_session(shop.services.engine) as session:
        assert in_force(session).segments.lapse_most == 30
        detail = session.exec(select(AuditEntry).where(AuditEntry.action == "thresholds.set")).one().detail
        assert detail["lapse_most"] == "240 → 30"
    after = shop.page("/purchases/thresholds")
    assert "標準は240" in after
    assert "数え直しています" not in after
    assert "離反" in shop.page("/purchases/people-of?customer_class=churned")
    back = shop.post("/purchases/thresholds/preview", {"action": "defaults"}, status=200)
    assert {name: fields(back)[name] for name in USUAL} == USUAL
    shop.post("/purchases/thresholds", fields(back))
    with read_session(shop.services.engine) as session:
        assert in_force(session) == defaults()


def test_numbers_changed_after_the_preview_are_shown_and_not_saved(shop: Shop) -> None:
    foretold = shop.post("/purchases/thresholds/preview", USUAL | {"long_days": "30", "action": "preview"}, status=200)
    edited = fields(foretold) | {"long_days": "45"}
    for given in (edited, USUAL | {"long_days": "45"}):
        page = shop.post("/purchases/thresholds", given, status=422)
        assert "まだ保存していません" in page
        assert 'name="long_days" inputmode="decimal" autocomplete="off" value="45"' in page
        with read_session(shop.services.engine) as session:
            assert in_force(session) == defaults()
    shop.post("/purchases/thresholds", fields(page))
    with read_session(shop.services.engine) as session:
        assert in_force(session).segments.long_days == 45


def test_numbers_that_somebody_else_saved_after_the_preview_are_not_taken_back_unseen(shop: Shop) -> None:
    mine, theirs = (
        fields(shop.post("/purchases/thresholds/preview", USUAL | other | {"action": "preview"}, status=200))
        for other in ({"long_days": "45"}, {"lapse_most": "200"})
    )
    shop.post("/purchases/thresholds", theirs)
    page = shop.post("/purchases/thresholds", mine, status=422)
    assert "まだ保存していません" in page
    assert "いまは200" in page
    with read_session(shop.services.engine) as session:
        assert typed(in_force(session), ["JPY"]) == USUAL | {"lapse_most": "200"}
    shop.post("/purchases/thresholds", fields(page))
    with read_session(shop.services.engine) as session:
        assert typed(in_force(session), ["JPY"]) == USUAL | {"long_days": "45"}


def fields(page: str) -> dict[str, str]:
    """Return what the form of numbers sends from a page."""
    (form,) = re.findall(r'<form method="post" action="/purchases/thresholds/preview.*?</form>', page, re.DOTALL)
    found = re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize("path", ["/purchases/thresholds", "/purchases/thresholds/preview"])
def test_wrong_numbers_come_back_as_typed(shop: Shop, path: str) -> None:
    page = shop.post(path, USUAL | {"long_days": "たくさん", "action": "preview"}, status=422)
    assert 'value="たくさん"' in page
    assert 'id="f-long_days-error"' in page
    page = shop.post(path, USUAL | {"days_b": "10", "action": "preview"}, status=422)
    assert 'id="f-days_b-error">前の数字より大きくしてください。' in page
    with read_session(shop.services.engine) as session:
        assert in_force(session) == defaults()


def test_the_same_numbers_move_nobody(shop: Shop) -> None:
    page = shop.post("/purchases/thresholds/preview", USUAL | {"action": "preview"}, status=200)
    assert "だれも変わりません" in page


def test_layers_that_purchase_data_cannot_see_are_never_zero(shop: Shop) -> None:
    page = shop.page("/purchases/layers")
    assert page.count("購買データにはありません") >= 3
    said = {"name": "認知調査", "surveyed_on": "2026-09-01", "asked": "1,000", "aware": "４００", "unaware": "480"}
    wrong = shop.post("/purchases/layers/surveys", said | {"unaware": "700"}, status=422)
    assert "合計が聞いた人数を超えています。" in wrong
    assert 'value="1,000"' in wrong
    shop.post("/purchases/layers/surveys", said | {"aware_wanting": "60"})
    page = shop.page("/purchases/layers")
    assert "(1,000人に聞いて400人。認知調査、" in page
    assert "<b>60</b>" in page
    (path,) = re.findall(r'action="(/purchases/layers/surveys/[a-z0-9]+)"', page)
    answer = shop.client.post(path, data={"action": "delete"})
    assert "元に戻す" in shop.page(answer.headers["location"])
    shop.post(path, {"action": "restore"})
    assert "認知調査" in shop.page("/purchases/layers")


def test_scores_and_layers_are_files_with_the_day_of_their_figures(shop: Shop) -> None:
    def file(path: str) -> tuple[str, list[dict[str, str]]]:
        sent = shop.client.get(path)
        rows = csv.DictReader(io.StringIO(sent.text.removeprefix("\ufeff")))
        return sent.headers["content-disposition"], list(rows)

    name, cells = file("/purchases/scores.csv?by=points")
    assert name == 'attachment; filename="scores-2026-09-20.csv"'
    assert {row["基準日"] for row in cells} == {"2026-09-20"}
    assert sum(int(row["人数"]) for row in cells if row["R"]) == 9
    assert sum(int(row["人数"]) for row in cells if row["M"]) == 9
    assert {row["R"] for row in file("/purchases/scores.csv?by=ranks")[1]} == {*"ABCDE", ""}
    assert next(row["デシル"] for row in file("/purchases/scores.csv?by=deciles")[1]) == "D1"
    name, layers = file("/purchases/layers.csv")
    assert name == 'attachment; filename="layers-2026-09-20.csv"'
    assert sum(int(row["人数"]) for row in layers) == 9
    assert sum(int(row["人数"]) for row in file("/purchases/layers.csv?by=types")[1]) == 9


def test_without_orders_the_pages_say_so_and_numbers_can_be_set(settings: Settings) -> None:
    with open_shop(settings) as empty:
        for path in ("/purchases/scores", "/purchases/layers"):
            assert "まだ注文がありません" in empty.page(path)
        assert "標準の値" in empty.page("/purchases/thresholds")
        wanted = USUAL | {"long_days": "30"}
        foretold = empty.post("/purchases/thresholds/preview", wanted, status=200)
        assert "この数字で保存" in foretold
        empty.post("/purchases/thresholds", fields(foretold))
        assert "標準は90" in empty.page("/purchases/thresholds")


def test_two_currencies_stand_side_by_side_and_are_never_added(settings: Settings) -> None:
    with open_shop(settings) as both:
        both.import_file(order_file(*(row(number=n, customer=f"K{n:03}", amount="12000") for n in range(1, 6))))
        abroad = (row(number=n, customer=f"U{n:03}", amount="120") for n in range(1, 4))
        both.import_file(order_file(*abroad), source="海外", currency="USD")
        ranks = both.page("/purchases/scores?by=ranks")
        assert ranks.count("デシル: 金額順の10グループ") == 2
        found = dict(re.findall(r'href="/purchases/people-of\?(amount=[^"]+)">(\d+)</a>', ranks))
        assert set(found.values()) == {"5", "3"}
        for query, people in found.items():
            assert f"{people}人" in both.page(f"/purchases/people-of?{query.replace('&amp;', '&')}")
        layers = both.page("/purchases/layers")
        assert "JPY" in layers
        assert "USD" in layers
        assert "¥60,360" not in layers
        thresholds = both.page("/purchases/thresholds")
        assert 'name="amount_USD_a"' in thresholds
        assert 'name="amount_JPY_a"' in thresholds
