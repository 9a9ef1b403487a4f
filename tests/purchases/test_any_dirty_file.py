"""Every row and every yen of any dirty file: the check report against plain Python over the same bytes."""

from decimal import Decimal

import pytest

from tests.purchases import accounts, oracle_account
from tests.purchases.accounts import Reasons, differences, expected, people_differ, people_of
from tests.purchases.build import Shop
from tests.purchases.dirty_files import DirtyFile, dirty_file, smallest

CHECKED, TAKEN = 12, 2
BY_HAND = """注文番号,会員ID,メールアドレス,電話番号,氏名,受注日,商品名,数量,単価,対応状況,明細区分
1,c1,,,,2026-01-01,美容液,3,1000,,商品
1,c1,,,,2026-01-01,送料,1,550,,送料
C1,c1,,,,2026-01-02,美容液,-1,1000,,商品
2,,A@x.jp,,,2026-01-03,"化粧
水",1,2000,キャンセル,商品

3,,a@X.jp,,,2026-01-04,石けん,2,(800),,商品
3,,a@X.jp,,,2026-01-04,石けん,2,800,,商品
4,,,090-1,山田 花子,2026-01-05,石けん,2,▲300,返品,商品
5,,,0901,山田花子,2026-01-04,石けん,2,300,,商品
6,,,090-1,,2026-02-30,石けん,1,100,,商品
7,,,,,2026-01-06,石けん,1,"1,100円",,商品
8,c1,,,,2026-01-07,石けん,-1,100,,商品
9,c1,,,,2026-01-07,石けん,1
"""


def test_the_oracle_itself_counts_a_file_as_a_person_does() -> None:
    names = (
        "order_id", "customer_key", "email", "phone", "customer_name", "ordered_at", "product_name", "quantity", "unit_price", "status",
        "line_type",
    )  # fmt: skip
    columns = dict(zip(names, BY_HAND.splitlines()[0].split(","), strict=True))
    found = oracle_account.account(oracle_account.read(BY_HAND.encode("cp932"), "cp932", ","), columns)
    assert [(line.line, line.kind, line.ref, int(line.counted)) for line in found.lines] == [
        (2, "sale", "1", 3000),
        (3, "shipping", "1", 550),
        (4, "cancel", "1", -1000),
        (5, "cancelled", "2", 2000),
        (8, "return", "3", -1600),
        (9, "sale", "3", 1600),
        (10, "return", "5", -600),
        (11, "sale", "5", 600),
        (12, "held_back", "6", 100),
        (13, "sale", "7", 1100),
        (14, "held_back", "8", -100),
        (15, "held_back", "9", 0),
    ]
    assert found.held == {12: "date", 14: "negative", 15: "cells"}
    assert found.customers_by_key == {"id": 1, "mail": 1, "phone": 1}
    assert found.orders == 2  # 1, and 7, which nobody knows whose it is: 2 was cancelled, 3 and 5 came back
    assert found.people["id", "c1"] == oracle_account.Person(1, 2, Decimal(2000))
    assert sum(line.matched for line in found.lines) == 3


@pytest.mark.prove
def test_every_row_and_yen_of_dirty_files_is_accounted_for(shop: Shop) -> None:
    reasons = Reasons()
    wrong = [line for seed in range(CHECKED) for line in told(shop, dirty_file(seed), reasons)]
    assert wrong == []


def told(shop: Shop, file: DirtyFile, reasons: Reasons) -> list[str]:
    """Return the differences of a file, with the smallest file that shows the first of them."""
    _, wrong = differences(shop, file, reasons=reasons)
    if not wrong:
        return []
    first = wrong[0].partition(":")[0]
    small = smallest(file, lambda less: any(one.startswith(first) for one in differences(shop, less)[1]))
    shown = [f"seed {file.seed}, {file.encoding}, columns {file.names}", *map(str, small.rows)]
    return [*(f"seed {file.seed}: {one}" for one in wrong), *shown]


@pytest.mark.prove
def test_what_dirty_files_say_of_each_customer_is_in_the_store(shop: Shop) -> None:
    wrong = []
    for seed in range(1000, 1000 + TAKEN):
        file = dirty_file(seed)
        public_id, _ = accounts.check(shop, file)
        shop.confirm(public_id)
        accounts.take(shop, public_id)
        found = people_differ(expected(file), people_of(shop, f"shop {seed}"))
        wrong += [f"seed {seed}: {one}" for one in found]
    assert wrong == []
