"""Order files as shops really write them, made from a seed: two languages, many encodings, and most kinds of dirt."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

HEADERS: dict[str, dict[str, str]] = {
    "ja": {
        "order_id": "注文番号", "line_id": "注文詳細ID", "customer_key": "会員ID", "customer_name": "氏名",
        "email": "メールアドレス", "phone": "電話番号", "ordered_at": "受注日時", "product_code": "商品コード",
        "product_name": "商品名", "quantity": "数量", "unit_price": "単価", "line_amount": "明細金額", "status": "対応状況",
        "line_type": "明細区分", "cancelled_at": "キャンセル日", "memo": "連絡事項",
    },
    "en": {
        "order_id": "Order ID", "line_id": "Line ID", "customer_key": "Customer ID", "customer_name": "Customer Name",
        "email": "E-mail", "phone": "Phone", "ordered_at": "Order Date", "product_code": "Product Code",
        "product_name": "Product Name", "quantity": "Qty", "unit_price": "Unit Price", "line_amount": "Line Total",
        "status": "Status", "line_type": "Line Type", "cancelled_at": "Cancelled at", "memo": "Note to us",
    },
}  # fmt: skip
WORDS = {
    "ja": {
        "valid": ("発送済み", "新規受付", ""), "cancelled": ("キャンセル", "注文取消し"), "returned": ("返品", "返金済み"),
        "pending": ("決済処理中",), "goods": "商品", "shipping": "送料", "fee": "手数料", "discount": "割引", "tax": "税", "points": "ポイント",
    },
    "en": {
        "valid": ("paid", "shipped", ""), "cancelled": ("Cancelled",), "returned": ("refunded", "Returned"), "pending": ("pending",),
        "goods": "item", "shipping": "shipping", "fee": "fee", "discount": "discount", "tax": "tax", "points": "points",
    },
}  # fmt: skip
PRODUCTS = (
    ("S30", "美容液 30mL", 3960), ("S30-R", "美容液 30mL\n詰め替え", 3300), ("L-1", "化粧水, しっとり", 1980),
    ("M5", '石けん "素"', 800), ("T0", "お試し ５日分", 0), ("X９", "クリーム", 12800),
)  # fmt: skip
DATES: dict[str, Callable[[datetime], str]] = {
    "iso": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "slash": lambda at: f"{at.year}/{at.month}/{at.day} {at.hour}:{at:%M}",
    "kanji": lambda at: f"{at.year}年{at.month}月{at.day}日",
    "compact": lambda at: f"{at:%Y%m%d}",
    "day": lambda at: f"{at:%Y-%m-%d}",
    "zoned": lambda at: f"{at - timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}",
    "offset": lambda at: f"{at:%Y-%m-%dT%H:%M:%S}+09:00",
    "era": lambda at: f"令和{at.year - 2018}年{at.month}月{at.day}日",
}
IMPOSSIBLE = {
    "iso": "2026-02-30 10:00:00", "slash": "2026/13/1 9:00", "kanji": "2026年4月31日", "compact": "20260229",
    "day": "2025-02-29", "zoned": "2026-02-30T10:00:00Z", "offset": "2026-06-31T10:00:00+09:00", "era": "令和8年2月29日",
}  # fmt: skip
ENDS = {"crlf": ("\r\n",), "lf": ("\n",), "mixed": ("\r\n", "\n")}
Cells = dict[str, str]
Product = tuple[str, str, int]


@dataclass(frozen=True)
class DirtyFile:
    """A file and what its columns are; `order` of the rows is that of the file."""

    seed: int
    language: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    blanks: frozenset[int]
    encoding: str
    delimiter: str
    ends: str
    told: bool
    drop_repeats: bool

    @property
    def columns(self) -> dict[str, str]:
        return {name: HEADERS[self.language][name] for name in self.names if name != "memo"}

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        ends, parts = ENDS[self.ends], []
        for number, row in enumerate([[HEADERS[self.language][name] for name in self.names], *self.rows]):
            end = ends[number % len(ends)]
            out = io.StringIO()
            csv.writer(out, delimiter=self.delimiter, lineterminator=end).writerow(row)
            parts.append(out.getvalue() + (end if number in self.blanks else ""))
        return "".join(parts).encode(self.encoding)

    def without(self, places: set[int]) -> "DirtyFile":
        """Return the file less some of its rows."""
        return replace(self, rows=tuple(row for place, row in enumerate(self.rows) if place not in places))


def smallest(file: DirtyFile, fails: Callable[[DirtyFile], bool]) -> DirtyFile:
    """Return the file with every row taken out that the failure does not need."""
    step = max(1, len(file.rows) // 2)
    while step:
        for start in range(0, len(file.rows), step):
            less = file.without(set(range(start, start + step)))
            if less.rows and len(less.rows) < len(file.rows) and fails(less):
                file = less
                break
        else:
            step //= 2
    return file


@dataclass
class _Maker:
    """One file while it is made up."""

    seed: int
    rng: Random = field(init=False)
    rows: list[Cells] = field(default_factory=list)
    next_line: int = 500

    def __post_init__(self) -> None:
        rng = self.rng = Random(self.seed)
        self.language = rng.choice(("ja", "ja", "en"))
        self.words = WORDS[self.language]
        self.style = rng.choice(tuple(DATES) if self.language == "ja" else ("iso", "slash", "day", "zoned", "offset"))
        self.has_order = rng.random() < 0.85
        have = {"ordered_at", "product_name", "quantity"}
        shares = {
            "line_id": 0.35 * self.has_order, "customer_key": 0.85, "email": 0.6, "phone": 0.5, "product_code": 0.8, "status": 0.85,
            "line_type": 0.5, "cancelled_at": 0.2, "memo": 0.6,
        }  # fmt: skip
        have |= {name for name, share in shares.items() if rng.random() < share}
        have |= {"order_id"} if self.has_order else set()
        have |= {"customer_name"} if "phone" in have or rng.random() < 0.3 else set()
        have |= {"email"} if not have & {"customer_key", "email"} else set()
        money = rng.choice(("unit_price", "line_amount", "both"))
        have |= {"unit_price", "line_amount"} if money == "both" else {money}
        self.names = self._places(have)
        self.people = [self._person(number) for number in range(rng.randint(3, 8))]

    def _places(self, have: set[str]) -> tuple[str, ...]:
        """Return the columns in some order; money, status and notes come last, where cut rows lose them."""
        last = [name for name in ("unit_price", "line_amount", "status", "line_type", "cancelled_at") if name in have]
        first = sorted(have - set(last) - {"memo"})
        self.rng.shuffle(first)
        self.rng.shuffle(last)
        money = next(name for name in last if name in {"unit_price", "line_amount"})
        last.remove(money)
        return (*first, *last, *(["memo"] if "memo" in have else []), money)

    def _person(self, number: int) -> Cells:
        return {
            "customer_key": f"C-{number:03}" if number % 2 else f"{7000 + number}",
            "email": f"Hana{number}@example.jp",
            "phone": f"090-{1000 + number}-5678",
            "customer_name": f"山田 花子{number}" if self.language == "ja" else f"Hanako Yamada {number}",
        }

    def who(self) -> Cells:
        """Return the buyer's cells of one order: known by number, by mail, by telephone, or not at all."""
        person = dict(self.rng.choice(self.people))
        keep = self.rng.choice(
            (("customer_key", "email", "phone", "customer_name"),) * 3
            + (("customer_key", "email"), ("customer_key", "customer_name"), ("email", "customer_name"))
            + (("phone", "customer_name"),) * 2 + (("phone",), ("customer_name",), ())
        )  # fmt: skip
        cells = {name: value for name, value in person.items() if name in keep}
        if self.rng.random() < 0.3 and "email" in cells:
            cells["email"] = cells["email"].upper()
        if self.rng.random() < 0.4 and "phone" in cells:
            cells["phone"] = self.rng.choice((cells["phone"].replace("-", ""), _wide(cells["phone"])))
        if self.rng.random() < 0.2 and "customer_key" in cells:
            cells["customer_key"] = self.rng.choice((_wide(cells["customer_key"]), f" {cells['customer_key']}"))
        return cells

    def row(
        self, order: str, who: Cells, at: datetime, *, product: Product, pieces: int, status: str = "valid"
    ) -> Cells:
        code, name, price = product
        self.next_line += 1
        cells = dict(who)
        cells |= {
            "order_id": order, "line_id": str(self.next_line), "ordered_at": DATES[self.style](at), "product_code": code,
            "product_name": name, "status": self.rng.choice(self.words[status]), "memo": self._memo(),
            "line_type": self.words["goods"] if self.rng.random() < 0.9 else "",  # type: ignore[dict-item]  # one word
        }  # fmt: skip
        cells |= self._money(pieces, price)
        if status == "valid" and pieces > 0 and self.rng.random() < 0.05:
            cells["cancelled_at"] = DATES[self.style](at + timedelta(days=2))
        return cells

    def _money(self, pieces: int, price: int) -> Cells:
        cells = {"quantity": str(pieces), "unit_price": self._yen(price), "line_amount": self._yen(price * pieces)}
        if "line_amount" not in self.names:
            if pieces == -1 and self.rng.random() < 0.2:
                cells |= {"quantity": "1", "unit_price": self._yen(-price)}
        elif pieces == -1 and self.rng.random() < 0.3:
            cells["quantity"] = ""
        elif "unit_price" in self.names and self.rng.random() < 0.3:
            cells["line_amount"] = ""
        if self.rng.random() < 0.1 and cells["quantity"]:
            cells["quantity"] = f" {_wide(cells['quantity'])}"
        return cells

    def _yen(self, amount: int) -> str:
        bare = f"{abs(amount):,}" if self.rng.random() < 0.4 else str(abs(amount))
        if amount < 0:
            return self.rng.choice((f"-{bare}", f"({bare})", f"▲{bare}", f"-{bare}円", f"△{bare}"))
        return self.rng.choice(
            (bare, bare, bare, f"￥{bare}", f"{bare}円", f"\\{bare}", _wide(bare), f"{bare}.00", f" {bare} ")
        )

    def _memo(self) -> str:
        return self.rng.choice(
            ("", "", "", "留守なら宅配箱へ", "一行目\r\n二行目", "一\n二\n三", 'かぎ"かっこ', "、，,;\t")
        )

    def moment(self) -> datetime:
        day = date(2025, 11, 1) + timedelta(days=self.rng.randint(0, 300))
        return datetime(day.year, day.month, day.day, self.rng.randint(9, 20), self.rng.randint(0, 59))  # noqa: DTZ001

    def order(self, number: str) -> None:
        """Add one order: lines on one or two days, fees, perhaps a cancel, perhaps what came back of it."""
        rng, who, at = self.rng, self.who(), self.moment()
        status = rng.choice(("valid",) * 7 + ("cancelled", "returned", "pending"))
        lines = [(rng.choice(PRODUCTS), rng.randint(1, 4)) for _ in range(rng.randint(1, 4))]
        for place, (product, pieces) in enumerate(lines):
            self.rows.append(
                self.row(number, who, at + timedelta(days=place // 2), product=product, pieces=pieces, status=status)
            )
        if rng.random() < 0.5:
            self._fees(number, who, at, status)
        if rng.random() < 0.45:
            self._back(number, who, at, rng.choice(lines))

    def _fees(self, number: str, who: Cells, at: datetime, status: str) -> None:
        for kind in self.rng.sample(("shipping", "fee", "discount", "tax", "points"), self.rng.randint(1, 2)):
            if "line_type" not in self.names and kind not in {"shipping", "fee"}:
                continue
            name = {"shipping": "送料", "fee": "手数料"}.get(kind, "調整")
            amount = -300 if kind in {"discount", "points"} else 550
            cells = self.row(number, who, at, product=("", name, abs(amount)), pieces=1, status=status)
            cells |= {
                "unit_price": self._yen(amount), "line_amount": self._yen(amount), "quantity": "1", "line_type": str(self.words[kind]),
                "cancelled_at": "",
            }  # fmt: skip
            self.rows.append(cells)

    def _back(self, number: str, who: Cells, at: datetime, bought: tuple[Product, int]) -> None:
        """Take pieces back: under the order's own number, its `C…` number, a number of its own, or nobody knows what."""
        rng, (product, pieces) = self.rng, bought
        way = rng.choice(("own", "counter", "elsewhere", "elsewhere", "stray", "plain"))
        name = {"own": number, "counter": f"C{number}"}.get(way, str(90_000 + len(self.rows)))
        status = "valid" if way in {"own", "counter", "plain"} else rng.choice(("returned", "cancelled"))
        later = at + timedelta(days=rng.randint(-1, 9), minutes=12)
        product = rng.choice(PRODUCTS) if way == "stray" else product
        self.rows.append(
            self.row(
                name, who, later, product=product, pieces=-rng.randint(1, pieces + (way == "stray")), status=status
            )
        )

    def spoil(self) -> None:
        """Break single cells, as people and programs do."""
        ways: tuple[tuple[str, str], ...] = (
            ("ordered_at", ""), ("ordered_at", IMPOSSIBLE[self.style]), ("ordered_at", "あした" if self.language == "ja" else "soon"),
            ("order_id", ""), ("quantity", "1.5"), ("quantity", "いち"), ("money", "千円"), ("money", "3.960円"), ("money", "#REF!"),
            ("money", "1,2,3"), ("money", ""), ("customer_key", ""), ("quantity", ""),
        )  # fmt: skip
        for cells in self.rows:
            if self.rng.random() < 0.08:
                name, value = self.rng.choice(ways)
                names = ("unit_price", "line_amount") if name == "money" else (name,)
                cells.update(dict.fromkeys(names, value))

    def repeat(self) -> None:
        """Write some rows twice, and some line numbers twice."""
        for cells in self.rng.sample(self.rows, min(len(self.rows), self.rng.randint(0, 4))):
            self.rows.insert(self.rng.randint(0, len(self.rows)), dict(cells))
        for cells in self.rng.sample(self.rows, min(len(self.rows), self.rng.randint(0, 2))):
            copy = dict(cells) | self._money(2, 1000)
            self.rows.insert(self.rng.randint(0, len(self.rows)), copy)

    def written(self) -> list[tuple[str, ...]]:
        rows = [tuple(cells.get(name, "") for name in self.names) for cells in self.rows]
        for place in self.rng.sample(range(len(rows)), min(len(rows), self.rng.randint(0, 3))):
            row = rows[place]
            kind = self.rng.choice(("cut", "long", "empty"))
            extra = ("", "") if kind == "empty" else ("余分",)
            rows[place] = row[:-1] if kind == "cut" else (*row, *extra)
        for _ in range(self.rng.choice((0, 0, 1, 3))):
            blank = tuple(self.rng.choice(("", "", " ")) for _ in self.names)
            rows.insert(self.rng.choice((len(rows), self.rng.randint(0, len(rows)))), blank)
        return rows


def _wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "0" <= letter <= "9" else letter for letter in text)


def dirty_file(seed: int) -> DirtyFile:
    """Return the file of a seed."""
    maker = _Maker(seed)
    rng = maker.rng
    for number in rng.sample(range(1001, 1999), rng.randint(2, 9)):
        maker.order(str(number))
    if rng.random() < 0.5:
        rng.shuffle(maker.rows)
    maker.spoil()
    maker.repeat()
    rows = maker.written()
    encodings = ("utf-8", "utf-8-sig", "cp932", "cp932", "utf-16", "euc_jp")
    return DirtyFile(
        seed=seed,
        language=maker.language,
        names=maker.names,
        rows=tuple(rows),
        blanks=frozenset(rng.sample(range(len(rows) + 1), min(len(rows), rng.randint(0, 3)))),
        encoding=rng.choice(encodings if maker.language == "ja" else encodings[:5]),
        delimiter=rng.choice((",", ",", "\t", ";")),
        ends=rng.choice(tuple(ENDS)),
        told=rng.random() < 0.4,
        drop_repeats=rng.random() < 0.15,
    )
