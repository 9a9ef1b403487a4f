"""The words of the shop systems, one by one; what a preset's own table says is tested with the presets."""

import pytest

from app.purchases.files.values import words


@pytest.mark.parametrize(
    ("text", "header", "expected"),
    [
        ("", "ステータス", "valid"),
        ("1", "対応状況(ID)", "valid"),
        ("3", "対応状況(ID)", "cancelled"),
        ("7", "対応状況（ID）", "pending"),
        ("8", "Order Status (ID)", "pending"),
        ("9", "対応状況(ID)", "returned"),
        ("3", "状態", "valid"),
        ("新規受付", "対応状況(名称)", "valid"),
        ("注文取消し", "対応状況(名称)", "cancelled"),
        ("返品", "対応状況(名称)", "returned"),
        ("決済処理中", "対応状況(名称)", "pending"),
        ("購入処理中", "対応状況(名称)", "pending"),
        ("500", "ステータス", "valid"),
        ("800", "ステータス", "cancelled"),
        ("900", "ステータス", "cancelled"),
        ("キャンセル確定待ち", "ステータス", "cancelled"),
        ("注文キャンセル", "処理状況", "cancelled"),
        ("返送", "処理状況", "returned"),
        ("配送", "処理状況", "valid"),
        ("未処理", "処理状況", "valid"),
        ("Cancelled", "order-status", "cancelled"),
        ("Canceled", "status", "cancelled"),
        ("Shipped", "order-status", "valid"),
        ("Unshipped", "order-status", "valid"),
        ("Pending", "order-status", "pending"),
        ("Shipped - Returned to Seller", "order-status", "returned"),
        ("Shipped - Rejected by Buyer", "order-status", "returned"),
        ("paid", "Financial Status", "valid"),
        ("authorized", "Financial Status", "valid"),
        ("voided", "Financial Status", "cancelled"),
        ("refunded", "Financial Status", "returned"),
        ("partially_refunded", "Financial Status", "valid"),
        ("partially_paid", "Financial Status", "valid"),
        ("pending", "Financial Status", "pending"),
        ("Paid", "Status", "valid"),
        ("Refunded", "Status", "returned"),
        ("Failed", "Status", "pending"),
        ("入金待ち", "状態", "pending"),
        ("未入金", "状態", "pending"),
        ("入金済み", "状態", "valid"),
        ("一部返品", "状態", "valid"),
        ("一部キャンセル", "状態", "valid"),
        ("返品なし", "状態", "valid"),
        ("未キャンセル", "状態", "valid"),
        ("キャンセル不可", "状態", "valid"),
        ("発送済み", "発送状況", "valid"),
        ("キャンセル", "発送状況", "cancelled"),
    ],
)
def test_a_status_is_told(text: str, header: str, expected: str) -> None:
    assert words.status(text, header) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "goods"), ("1", "goods"), ("商品", "goods"), ("Product", "goods"), ("セット商品", "goods"), ("2", "shipping"), ("送料", "shipping"),
        ("Shipping", "shipping"), ("DOTCOM POSTAGE", "shipping"), ("3", "fee"), ("代引き手数料", "fee"), ("ラッピング料", "fee"),
        ("Gift wrap", "fee"), ("4", "discount"), ("割引", "discount"), ("送料割引", "discount"), ("クーポン", "discount"), ("値引き", "discount"),
        ("5", "tax"), ("税", "tax"), ("消費税", "tax"), ("Tax", "tax"), ("6", "points"), ("ポイント", "points"), ("ポイント値引き", "points"),
        ("調整金", "fee"), ("その他", "fee"),
    ],
)  # fmt: skip
def test_a_line_type_is_told(text: str, expected: str) -> None:
    assert words.line_type(text) == expected


def test_every_name_of_a_fee_is_none_of_goods() -> None:
    assert all(words.line_type(name) != "goods" for name in words.FEE_NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("通常", "single"), ("単品購入", "single"), ("定期", "subscription"), ("頒布会", "subscription"), ("定期トライアル", "trial"),
        ("お試しセット", "trial"), ("予約", ""), ("", ""), ("Subscription", "subscription"), ("One-time", "single"),
    ],
)  # fmt: skip
def test_a_kind_is_told(text: str, expected: str) -> None:
    assert words.kind(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("有効", False), ("継続中", False), ("active", False), ("", False), ("未解約", False), ("解約なし", False), ("停止", True),
        ("キャンセル", True), ("解約・完了", True), ("無効", True), ("inactive", True), ("Cancelled", True), ("契約終了", True),
    ],
)  # fmt: skip
def test_the_end_of_a_subscription_is_told(text: str, expected: bool) -> None:
    assert words.subscription_over(text) is expected
