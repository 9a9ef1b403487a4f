"""Files of one shop that overlap and correct each other, and what plain Python makes of those in force."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.purchases import oracle_account
from tests.purchases.oracle_account import Account

HEADER = (
    "注文番号", "注文詳細ID", "会員ID", "氏名", "メールアドレス", "電話番号", "受注日時", "商品コード", "商品名", "数量", "明細金額", "対応状況",
)  # fmt: skip
NAMES = (
    "order_id", "line_id", "customer_key", "customer_name", "email", "phone", "ordered_at", "product_code", "product_name",
    "quantity", "line_amount", "status",
)  # fmt: skip
MEMBER_HEADER = ("会員ID", "氏名", "メールアドレス", "性別", "生年月日", "都道府県", "メルマガ可否")
STATUS = HEADER.index("対応状況")
PRODUCTS = (("S30", "美容液", 3960), ("L1", "化粧水", 1980), ("M5", "石けん", 800))
BEGAN = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001 - the shop's wall clock
Row = tuple[str, ...]


@dataclass(frozen=True)
class OverlapFile:
    """One export: the orders of some weeks, with the statuses and contact data of that day."""

    number: int
    source: str
    numbered: bool
    rows: tuple[Row, ...]

    @property
    def columns(self) -> dict[str, str]:
        named = dict(zip(NAMES, HEADER, strict=True))
        return named if self.numbered else {name: header for name, header in named.items() if name != "line_id"}

    @property
    def data(self) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        keep = [place for place, name in enumerate(NAMES) if name in self.columns]
        writer.writerows([row[place] for place in keep] for row in (HEADER, *self.rows))
        return out.getvalue().encode("cp932")


@dataclass(frozen=True)
class MemberFile:
    """What the shop knows of its members on a day."""

    number: int
    source: str

    @property
    def data(self) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(MEMBER_HEADER)
        for person in range(self.number, self.number + 3):
            mail, living = f"person{person}@example.jp", ("東京都", "大阪府")[(person + self.number) % 2]
            writer.writerow(
                [f"p{person}", f"山田{person}", mail, "女性", f"198{self.number}/04/0{1 + person}", living, "可"]
            )
        return out.getvalue().encode("cp932")


def files_of(seed: int, *, count: int = 5) -> tuple[OverlapFile, ...]:
    """Return overlapping files of one shop; each next one knows more of how the orders ended."""
    rng = Random(seed)
    numbered = rng.random() < 0.5
    orders = [_order(rng, number) for number in range(14)]
    files = []
    for number in range(count):
        start = rng.randint(0, 8)
        chosen = orders[start : start + rng.randint(3, 8)]
        rows = [_known_by(rng, row, number) for order in chosen for row in order]
        rng.shuffle(rows)
        files.append(OverlapFile(number, "店", numbered, tuple(rows)))
    return tuple(files)


def _order(rng: Random, number: int) -> list[Row]:
    person = rng.randint(0, 4)
    at = BEGAN + timedelta(days=9 * number, minutes=60 * number)
    rows = [
        _row(
            (number, place),
            person,
            at + timedelta(minutes=place),
            product=rng.choice(PRODUCTS),
            pieces=rng.randint(1, 3),
        )
        for place in range(rng.randint(1, 3))
    ]
    if rng.random() < 0.4:
        code, name, _ = PRODUCTS[[one[0] for one in PRODUCTS].index(rows[0][7])]
        price = next(price for key, _, price in PRODUCTS if key == code)
        back = at + timedelta(days=rng.randint(1, 30))
        pieces = -rng.randint(1, 3)
        rows.append(_row((500 + number, 0), person, back, product=(code, name, price), pieces=pieces, status="返品"))
    if rng.random() < 0.15:
        rows.append(rows[0])
    return rows


def _row(
    place: tuple[int, int],
    person: int,
    at: datetime,
    *,
    product: tuple[str, str, int],
    pieces: int,
    status: str = "発送済み",
) -> Row:
    guest = person == 4
    mail, phone = f"person{person}@example.jp", f"09000000{person:03}"
    return (
        str(1000 + place[0]), f"{1000 + place[0]}-{place[1]}", "" if guest else f"p{person}", f"山田{person}", mail, phone, f"{at:%Y-%m-%d %H:%M}",
        product[0], product[1], str(pieces), str(product[2] * pieces), status,
    )  # fmt: skip


def _known_by(rng: Random, row: Row, number: int) -> Row:
    """Return the row as a later export has it: perhaps cancelled meanwhile, with another telephone number."""
    cells = list(row)
    if int(row[9]) > 0 and rng.random() < 0.06 * number:
        cells[STATUS] = rng.choice(("キャンセル", "返品", "決済処理中"))
    if rng.random() < 0.3:
        cells[5] = f"0901111{number}{row[5][-3:]}"
    return tuple(cells)


def model(files: Sequence[OverlapFile]) -> Account:
    """Return the account of the rows of all files in force, each row once, as the newest file has it."""
    newest: dict[tuple[object, ...], Row] = {}
    for file in files:
        newest |= keyed(file)
    rows = [(1, list(HEADER)), *((number, list(row)) for number, row in enumerate(newest.values(), 2))]
    columns = dict(zip(NAMES, HEADER, strict=True))
    if files and not files[0].numbered:
        del columns["line_id"]
    return oracle_account.account(rows, columns)


def keyed(file: OverlapFile) -> dict[tuple[object, ...], Row]:
    """Return rows by what does not change later: order and line number, or all values but status and contact data."""
    seen: Counter[Row] = Counter()
    found: dict[tuple[object, ...], Row] = {}
    for row in file.rows:
        if file.numbered:
            found.setdefault((row[0], row[1]), row)
            continue
        same = (row[0], *row[6:STATUS])
        seen[same] += 1
        found[same, seen[same]] = row
    return found
