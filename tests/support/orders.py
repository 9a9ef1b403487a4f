"""A small order file in the shape of a Japanese cart's export, with names that must never leak."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

AS_OF = date(2026, 11, 15)
HEADER = [
    "注文番号",
    "注文詳細ID",
    "会員ID",
    "お名前(姓)",
    "お名前(名)",
    "お名前(セイ)",
    "お名前(メイ)",
    "メールアドレス",
    "TEL",
    "受注日",
    "対応状況(名称)",
    "販売経路",
    "商品コード",
    "商品名",
    "明細区分(名称)",
    "価格",
    "個数",
    "支払合計",
    "定期受注番号",
    "定期ステータス",
    "定期回数",
    "キャンセル日",
    "キャンセル理由",
]
CANARIES = ("金糸雀", "カナリヤ", "canary-", "example.invalid", "090-7711-", "CAN7")
SERUM = "あまみず 美容液 30mL"


@dataclass(frozen=True)
class Habit:
    """How a kind of customer orders: number, gap in days, days since the last, price."""

    kind: str
    orders: int
    gap: int
    since_last: int
    price: int
    subscription: bool = False
    cancelled: bool = False


HABITS = (
    Habit(kind="loyal", orders=14, gap=31, since_last=9, price=9800),
    Habit(kind="loyal", orders=22, gap=28, since_last=12, price=7600),
    Habit(kind="active", orders=4, gap=33, since_last=20, price=3960),
    Habit(kind="lapsed", orders=5, gap=30, since_last=120, price=5400),
    Habit(kind="churned", orders=3, gap=40, since_last=330, price=3960),
    Habit(kind="churned", orders=4, gap=30, since_last=70, price=3960, subscription=True, cancelled=True),
    Habit(kind="new", orders=1, gap=0, since_last=25, price=1980),
    Habit(kind="active", orders=7, gap=30, since_last=16, price=3300, subscription=True),
)


def order_rows(customers: int, *, product: str = SERUM) -> list[dict[str, str]]:
    """Return the rows of a file: one line an order, oldest customer first."""
    rows: list[dict[str, str]] = []
    for index in range(customers):
        habit = HABITS[index % len(HABITS)]
        rows += [order_row(index, number, habit, product) for number in range(1, habit.orders + 1)]
    return rows


def order_row(index: int, number: int, habit: Habit, product: str) -> dict[str, str]:
    spread = index // len(HABITS)
    day = AS_OF - timedelta(days=habit.since_last + spread % 6 + (habit.orders - number) * habit.gap)
    if index == 0 and number == habit.orders:
        day = AS_OF
    price = habit.price + 110 * (spread % 7)
    last = number == habit.orders
    name = (
        f"【定期便】{product}"
        if habit.subscription
        else (f"お試し {product}" if number == 1 and index % 3 else product)
    )
    values = dict.fromkeys(HEADER, "") | {
        "注文番号": f"T{index:04}-{number:03}",
        "注文詳細ID": f"{index:04}{number:03}",
        "会員ID": f"CAN7{index:04}",
        "お名前(姓)": f"金糸雀{index:03}",
        "お名前(名)": "花子",
        "お名前(セイ)": f"カナリヤ{index:03}",
        "お名前(メイ)": "ハナコ",
        "メールアドレス": f"canary-{index:03}@example.invalid",
        "TEL": f"090-7711-{index:04}",
        "受注日": f"{day} 10:{index % 60:02}:00",
        "対応状況(名称)": "発送済み",
        "販売経路": "自社EC" if index % 4 else "電話",
        "商品コード": "AM-S30T" if habit.subscription else "AM-S30",
        "商品名": name,
        "明細区分(名称)": "商品",
        "価格": str(price),
        "個数": "1",
        "支払合計": str(price),
    }
    if habit.subscription:
        values |= {"定期受注番号": f"S{index:04}", "定期ステータス": "有効", "定期回数": str(number)}
        if habit.cancelled and last:
            values |= {
                "定期ステータス": "キャンセル",
                "キャンセル日": str(day + timedelta(days=20)),
                "キャンセル理由": "余っている",
            }
    return values


def order_file(customers: int = 64, *, product: str = SERUM, encoding: str = "cp932", dirty: bool = False) -> bytes:
    """Return the file as a cart would write it: CP932, CRLF, quoted where needed; dirty = one row has no date."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(order_rows(customers, product=product))
    if dirty:
        writer.writerow(order_row(0, 1, HABITS[0], product) | {"注文番号": "T-dirty", "受注日": "あした"})
    return text.getvalue().encode(encoding)
