"""A shop of which nobody knows whose the orders are: every page of figures says what to do, none shows numbers."""

from app.core.settings import Settings
from tests.web.purchase_shop import open_shop, order_file, row

PAGES = (
    "cohorts", "repeat", "value", "stop-points", "stop-points/survival", "stop-points/surplus", "scores", "layers",
)  # fmt: skip


def test_orders_of_nobody_known_lead_to_their_file(settings: Settings) -> None:
    with open_shop(settings) as shop:
        shop.import_file(order_file(row(number=1, customer=""), row(number=2, customer="", day="2026/02/01")))
        for page in PAGES:
            text = shop.page(f"/purchases/{page}")
            assert "お客さまの分かる注文がありません" in text, page
            assert 'href="/purchases#im"' in text, page
        shop.page("/purchases/cohorts.csv", status=404)
        shop.page("/purchases/value.csv", status=404)
