"""What tools put around cells so that Excel leaves them alone is no part of the cell."""

import pytest

from tests.purchases.build import HEADERS, Shop, row, text_of

PLAIN = [row(order="0012", customer="007", code="0101", quantity=2, price=1500), row(order="0013", customer="008")]


def taken(shop: Shop, text: str) -> list[tuple[str, int, int]]:
    shop.take(text)
    return [(name, person.orders, int(person.amount)) for name, person in sorted(shop.people().items())]


@pytest.mark.parametrize(("before", "after"), [('="', '"'), ("'", ""), (' ="', '" ')])
def test_numbers_kept_from_excel_are_the_numbers(shop: Shop, before: str, after: str) -> None:
    rows = [tuple(f"{before}{cell}{after}" if cell.isdecimal() else cell for cell in one) for one in PLAIN]
    assert taken(shop, text_of(*rows)) == [("007", 1, 3000), ("008", 1, 1000)]
    public_id, _ = shop.check(text_of(*PLAIN))
    assert (shop.report(public_id).taken, shop.report(public_id).known) == (0, 2)


def test_an_apostrophe_of_a_name_stays(shop: Shop) -> None:
    shop.take(text_of(row(code="", name="'90s コスメ"), row(order="2", code="", name='="A"&"B"')))
    assert {person.first_product for person in shop.people().values()} == {"'90s コスメ"}


def test_marks_nobody_sees_do_not_hide_a_header(shop: Shop) -> None:
    headers = tuple(f"\u200b{name}\u00a0" for name in HEADERS)
    assert taken(shop, text_of(*PLAIN, headers=headers)) == [("007", 1, 3000), ("008", 1, 1000)]
