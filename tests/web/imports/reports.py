"""A check report by hand, with every kind of row."""

from dataclasses import replace
from decimal import Decimal

from app.purchases.import_schemas import AccountLine, CheckReport, HeldBack

KINDS = {
    "sale": (4300, 23_418_660), "cancel": (12, -86_400), "return": (9, -41_200), "cancelled": (120, 640_000),
    "returned": (31, 180_000), "pending": (8, 42_000), "shipping": (203, 121_800), "fee": (40, 13_200),
    "discount": (22, -22_000), "tax": (0, 0), "points": (18, -9_000), "known": (62, 301_240), "held_back": (7, 136_000),
}  # fmt: skip


def report(**changes: object) -> CheckReport:
    account = tuple(AccountLine(kind, rows, Decimal(amount)) for kind, (rows, amount) in KINDS.items())  # type: ignore[arg-type]  # the kinds' own names
    whole = CheckReport(
        rows_read=sum(line.rows for line in account), taken=4763, known=62, changed=31, held_back_rows=7,
        held_back_reasons=(("The amount is not a number.", 4, Decimal(0)), ("The order date is empty.", 3, Decimal(136_000))),
        held_back_sample=(HeldBack(9, "金額", "不明", "The amount is not a number."),),
        cancelled=132, returned=40, pending=8, fees=283, customers=2445, orders=3890,
        amount={"JPY": Decimal(23_291_060)}, held_back_amount={"JPY": Decimal(136_000)},
        known_amount={"JPY": Decimal(301_240)}, fee_amount={"JPY": Decimal(104_000)},
        void_amount={"JPY": Decimal(862_000)}, rows_without_customer=1120, exact_repeats=12, cancel_rows=132,
        product_codes=31, order_ids=3900, first_order_on=None, last_order_on=None, account=account,
        file_amount={"JPY": sum((line.amount for line in account), Decimal(0))},
        without_customer_amount={"JPY": Decimal(2_210_400)}, customers_by_key={"id": 2310, "mail": 121, "phone": 14},
        matched_returns=17, unmatched_returns=4, unreadable_amounts=2,
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]  # fields of the report
