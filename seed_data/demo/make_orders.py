"""Writes the order files of the demo shop: the same bytes at every run.

Run it as `python seed_data/demo/make_orders.py` after changing shop.toml or people.toml. It is plain Python and
imports nothing of the application, so a test can hold what the application reads from the files against what was
written here. Two files come from the shop's own cart (Japanese headers, CP932, April 2026 in both of them) one
from a mall (UTF-8 with a byte order mark), one holds the cart's members and one its products (both CP932).
"""

import csv
import gzip
import io
import random
from dataclasses import dataclass, field
from datetime import date

from invented_customers import HERE, PRODUCTS, SEED, SHOP, Customer, Order, mall_customers, own_customers, price_of

FIRST_EXPORT = date(2026, 4, 30)
SECOND_EXPORT_FROM = date(2026, 4, 1)
OWN_HEADER: list[str] = SHOP["headers"]["own"]
MALL_HEADER: list[str] = SHOP["headers"]["mall"]
SUBSCRIPTIONS = {"AM-S30T", "AM-C30T"}
WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")


@dataclass
class Numbers:
    """Running numbers of the shop's cart."""

    line: int = 500_000
    per_day: dict[date, int] = field(default_factory=dict)

    def order(self, day: date) -> str:
        self.per_day[day] = self.per_day.get(day, 0) + 1
        return f"{day:%y%m%d}-{self.per_day[day]:04d}"

    def detail(self) -> str:
        self.line += 1
        return str(self.line)


def own_rows(customers: list[Customer]) -> list[tuple[date, list[str]]]:
    """One row a line item, with the shop's dirt, sorted by day."""
    rng = random.Random(SEED + 2)
    numbers = Numbers()
    orders = sorted(
        ((order.on, customer.customer_id, order, customer) for customer in customers for order in customer.orders),
        key=lambda entry: entry[:2],
    )
    rows: list[tuple[date, list[str]]] = []
    for day, _, order, customer in orders:
        rows.extend((day, row) for row in _own_order(rng, numbers, order, customer))
    return rows


def _own_order(rng: random.Random, numbers: Numbers, order: Order, customer: Customer) -> list[list[str]]:
    goods = [(code, PRODUCTS[code]["name"], "商品", price_of(code, order), count) for code, count in order.items]
    total = sum(price * count for _, _, _, price, count in goods)
    lines = list(goods)
    if 0 < total < 4000 and order.nth is None:
        lines.append(("", "送料", "送料", 550, 1))
    pays_at_door = customer.sales_channel == "電話" and rng.random() < 0.3
    if pays_at_door:
        lines.append(("", "代引き手数料", "手数料", 330, 1))
    if total > 4000 and not customer.scripted and rng.random() < 0.04:
        lines.append(("", "クーポン", "割引", -300, 1))
    paid = sum(price * count for _, _, _, price, count in lines)
    guest = not customer.scripted and rng.random() < 0.004
    clock = f"{7 + rng.randrange(16):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"
    family, first, family_kana, first_kana = customer.name
    last_delivery = max((o.nth for o in customer.orders if o.nth), default=None)
    ends = customer.cancelled_on is not None and order.nth == last_delivery
    tail = _subscription_cells(order, customer, ends=ends)
    number = numbers.order(order.on)
    pay = "代金引換" if pays_at_door else "クレジットカード"
    rows: list[list[str]] = []
    for code, name, kind, price, count in lines:
        wide = customer.sales_channel == "電話" and not customer.scripted and rng.random() < 0.02
        cells = (f"{price:,}".translate(WIDE), str(count).translate(WIDE)) if wide else (str(price), str(count))
        rows.append([
            number, numbers.detail(), "" if guest else customer.customer_id, family, first, family_kana, first_kana,
            customer.prefecture, "" if guest else f"c{customer.customer_id}@example.com", phone(customer), customer.sex,
            customer.born, f"{order.on} {clock}", order.status, pay, customer.sales_channel, code, name, kind,
            *cells, str(paid), *(tail if code in SUBSCRIPTIONS else ("",) * 5),
        ])  # fmt: skip
    return rows


def _subscription_cells(order: Order, customer: Customer, *, ends: bool) -> tuple[str, ...]:
    if order.nth is None:
        return ("",) * 5
    status = "キャンセル" if ends else "有効"
    cancelled = str(customer.cancelled_on).replace("-", "/") if ends else ""
    return (f"T{customer.customer_id}", status, str(order.nth), cancelled, customer.cancel_reason if ends else "")


def phone(customer: Customer) -> str:
    """A number from a block that no carrier hands out."""
    digits = f"{sum(ord(letter) * 31**place for place, letter in enumerate(customer.customer_id)) % 10_000:04d}"
    return f"090-0000-{digits}"


def dirty(rng: random.Random, rows: list[list[str]], *, day_column: int) -> list[list[str]]:
    """Doubles eight rows and spoils the day of five, as hand-edited exports do."""
    spoiled_days = ["0000-00-00 00:00:00", "2025/13/02", "", "2026-02-30 10:11:12", "未定"]
    plain = [place for place, row in enumerate(rows) if int(row[2] or 0) < 20_000]
    out = [list(row) for row in rows]
    for value in spoiled_days:
        out[plain[rng.randrange(len(plain))]][day_column] = value
    for place in sorted((plain[rng.randrange(len(plain))] for _ in range(8)), reverse=True):
        out.insert(place + 1, list(out[place]))
    return out


def own_files(rows: list[tuple[date, list[str]]]) -> tuple[list[list[str]], list[list[str]]]:
    """The export of 30 April 2026, and the one from April to October that overlaps it."""
    rng = random.Random(SEED + 3)
    cancel, state, day = (
        OWN_HEADER.index("キャンセル日"),
        OWN_HEADER.index("定期ステータス"),
        OWN_HEADER.index("受注日"),
    )
    first: list[list[str]] = []
    for on, row in rows:
        if on > FIRST_EXPORT:
            continue
        known = list(row)
        if known[cancel] and known[cancel] > FIRST_EXPORT.strftime("%Y/%m/%d"):
            known[cancel], known[cancel + 1], known[state] = "", "", "有効"
        first.append(known)
    second = [row for on, row in rows if on >= SECOND_EXPORT_FROM]
    return dirty(rng, first, day_column=day), dirty(rng, second, day_column=day)


def mall_rows(customers: list[Customer]) -> list[list[str]]:
    """One row a line item; what came back stands as a row with a negative count."""
    rng = random.Random(SEED + 4)
    orders = sorted(
        ((order.on, customer.customer_id, order, customer) for customer in customers for order in customer.orders),
        key=lambda entry: entry[:2],
    )
    rows: list[list[str]] = []
    for place, (day, _, order, customer) in enumerate(orders):
        when = f"{day:%Y/%m/%d} {6 + rng.randrange(18):02d}:{rng.randrange(60):02d}"
        nobody = not customer.scripted and rng.random() < 0.01
        head = [f"378{place + 100_000}", when, "キャンセル確定" if order.status == "注文取消し" else "発送済",
                "" if nobody else customer.customer_id, " ".join(customer.name[:2]), phone(customer), customer.sales_channel]  # fmt: skip
        for code, count in order.items:
            price = price_of(code, order)
            rows.append([*head, code, PRODUCTS[code]["name"], str(price), str(count), str(price * count)])
            if order.status == "返品":
                rows.append([*head, code, PRODUCTS[code]["name"], str(price), str(-count), str(-price * count)])
    return rows


def member_rows(customers: list[Customer]) -> list[list[str]]:
    """What the cart knows of its members, and what a third of them answered to a survey."""
    rng = random.Random(SEED + 5)
    words = SHOP["members"]
    rows: list[list[str]] = []
    for customer in sorted(customers, key=lambda one: one.customer_id):
        family, first, family_kana, first_kana = customer.name
        job, skin, times = (rng.choice(words[name]) for name in ("jobs", "skins", "times"))
        answered = customer.scripted or rng.random() < 0.35
        rows.append([
            customer.customer_id, family, first, family_kana, first_kana, f"c{customer.customer_id}@example.com",
            phone(customer), customer.sex, customer.born, customer.prefecture, job, "否" if rng.random() < 0.08 else "可",
            *((skin, times) if answered else ("", "")),
        ])  # fmt: skip
    return rows


def product_rows() -> list[list[str]]:
    """What the shop says of its goods: how many days a piece lasts, where that can be said."""
    return [[code, product["name"], str(product["days"])] for code, product in PRODUCTS.items() if "days" in product]


def as_csv(header: list[str], rows: list[list[str]], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue().encode(encoding)


def files() -> dict[str, bytes]:
    """Name and content, not yet compressed, of the three order files, the members and the products."""
    own = own_customers()
    first, second = own_files(own_rows(own))
    return {
        "own_2024-11_2026-04.csv": as_csv(OWN_HEADER, first, "cp932"),
        "own_2026-04_2026-10.csv": as_csv(OWN_HEADER, second, "cp932"),
        "mall_2024-11_2026-10.csv": as_csv(MALL_HEADER, mall_rows(mall_customers()), "utf-8-sig"),
        "members_2026-10-31.csv": as_csv(SHOP["headers"]["members"], member_rows(own), "cp932"),
        "products_2026-10-31.csv": as_csv(SHOP["headers"]["products"], product_rows(), "cp932"),
    }


def main() -> None:
    for name, content in files().items():
        (HERE / "orders" / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))


if __name__ == "__main__":
    main()
