"""One piece of an order file becomes typed rows, rows held back by their own cells, and contact data kept apart."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.mapping import presets
from app.purchases.files.mapping.headers import CONTACT
from app.purchases.files.names import Numbering
from app.purchases.files.opening.cells import Cells
from app.purchases.files.opening.encodings import CP932
from app.purchases.files.reasons import CODES, REASONS
from app.purchases.files.rows.columns import Bool, Texts, meaning, trimmed
from app.purchases.files.rows.garbled import garbled_rows, is_garbled, lost_letters
from app.purchases.files.rows.order_money import Money, row_money, row_refunds, with_tax
from app.purchases.files.rows.order_options import OptionCarry
from app.purchases.files.rows.order_state import Rules, deliveries, never_charged, row_state
from app.purchases.files.rows.row_table import DAY, Read, rows_table
from app.purchases.files.values.currencies import can_be
from app.purchases.files.values.dates import DateColumn, read_dates
from app.purchases.identity.keys import customer_keys
from app.purchases.import_schemas import Mapping

DATES = ("ordered_at", "cancelled_at", "dispatched_on")
LONGEST = 255
HELD = pa.schema(
    [
        ("line", pa.int64()),
        ("reason", pa.string()),
        ("value", pa.string()),
        ("amount", pa.decimal128(18, 4)),
        ("customer_id", pa.string()),
        ("status", pa.string()),
        ("order_id", pa.string()),
        ("product_code", pa.string()),
    ]
)
Codes = npt.NDArray[np.int8]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Piece:
    """What one piece of a file became; `doubtful` rows are in `rows` too, and only the whole file decides on them.

    `emptied` counts the cells of `rows`, by column, that were left empty because they say something else.
    """

    rows: pa.Table
    held: pa.Table
    doubtful: pa.Table
    contacts: pa.Table | None
    unreadable_amounts: int
    emptied: dict[str, int]


@dataclass
class OrderRows:
    """Reads the pieces of one file in their order."""

    headers: tuple[str, ...]
    mapping: Mapping
    numbering: Numbering
    secret: bytes
    dates: dict[str, DateColumn]
    encoding: str = ""
    options: OptionCarry | None = field(init=False, default=None)
    rules: Rules = field(init=False)

    def __post_init__(self) -> None:
        """Look the shop's own rules up once."""
        preset = presets.get(self.mapping.preset)
        self.rules = Rules(self.mapping, preset)
        if preset is not None and preset.option_rows is not None:
            self.options = OptionCarry(preset.option_rows)

    def read(self, cells: Cells) -> Piece:
        """Return the piece, typed."""
        suspicious = is_garbled if self.encoding == CP932 else None
        texts = Texts(cells, self.headers, self.mapping.columns, self.rules.preset, suspicious=suspicious)
        ordered_text = trimmed(texts.raw("ordered_at"), as_written=False)
        ordered = read_dates(ordered_text, self.dates["ordered_at"])
        cancelled = self._days(texts, "cancelled_at")
        money = row_money(texts, self.mapping.currency)
        state = row_state(texts, money, cancelled.is_valid().to_numpy(zero_copy_only=False), self.rules)
        if self.mapping.tax == "excluded":
            taxed = with_tax(texts, ordered, self.mapping.currency)
            money = replace(money, units=np.where(state.line_type == 0, taxed.units, money.units))
        money = never_charged(texts, money, state, self.rules.preset)
        keys, kinds = self._customers(texts)
        held = self._held(texts, ordered_text, ordered, money)
        refunds, refunds_unread = row_refunds(texts, self.mapping.currency)
        numbers, numbers_unread = deliveries(texts)
        dispatched = self._days(texts, "dispatched_on")
        rows = rows_table(
            texts,
            Read(ordered, cancelled, dispatched, money, refunds, numbers, state, keys, kinds),
            self.rules,
            self.numbering,
        )
        contacts = self._contacts(texts, keys)
        if self.options is not None:
            rows = self.options.apply(rows)
        good = pa.array(held == 0)
        every = not held.any()
        by_pieces = np.where(money.pieces < 0, CODES.index("negative"), CODES.index("negative_amount")) + 1
        doubtful = np.where(state.doubtful & (held == 0), by_pieces, 0).astype(np.int8)
        return Piece(
            rows=rows if every else rows.filter(good),
            held=held_rows(texts, held, ordered_text, rows),
            doubtful=held_rows(texts, doubtful, ordered_text, rows),
            contacts=contacts if contacts is None or every else contacts.filter(good),
            unreadable_amounts=int((~money.known).sum()),
            emptied={"refunded": _count(refunds_unread, held), "sub_seq": _count(numbers_unread, held)},
        )

    def _days(self, texts: Texts, name: str) -> pa.Array:
        """Return a column of days that repeat often; an empty cell is none."""
        if name not in texts:
            return pa.nulls(len(texts.cells), DAY)
        column = texts.few(name)
        found = read_dates(column.dictionary, self.dates[name]).cast(DAY)
        return found.take(column.indices)

    def _customers(self, texts: Texts) -> tuple[pa.Array, pa.Array]:
        mails = texts.wide("email") if "email" in texts else None
        phones = texts.wide("phone") if "phone" in texts else None
        names = texts.wide("customer_name") if "customer_name" in texts else None
        return customer_keys(texts.wide("customer_key"), mails, phones, names, secret=self.secret)

    def _held(self, texts: Texts, ordered_text: pa.Array, ordered: pa.Array, money: Money) -> Codes:
        """Return for each row the place of its reason in CODES plus one, 0 for none; the first that fits counts."""
        count = len(texts.cells)
        held = np.zeros(count, np.int8)
        tests = self._of_whole_rows(texts)
        if ordered.null_count:
            tests.append(("date_empty", pc.equal(ordered_text, "").to_numpy(zero_copy_only=False)))
            tests.append(("date", ordered.is_null().to_numpy(zero_copy_only=False)))
        if "order_id" in texts and pc.min(pc.binary_length(texts.wide("order_id"))).as_py() == 0:
            tests.append(("order", pc.equal(texts.wide("order_id"), "").to_numpy(zero_copy_only=False)))
        tests += [
            ("too_long", long) for name in ("customer_key", "order_id") if (long := _too_long(texts, name)) is not None
        ]
        if "currency" in texts:
            tests.append(("currency", meaning(texts.few("currency"), self._is_foreign, np.bool_)))
        if not money.pieces_known.all():
            tests.append(("quantity", ~money.pieces_known))
        if not money.known.all():
            tests.append(("unit_price" if "line_amount" not in texts else "amount", ~money.known))
        for code, fits in tests:
            held = np.where((held == 0) & fits, np.int8(CODES.index(code) + 1), held)
        return held

    def _of_whole_rows(self, texts: Texts) -> list[tuple[str, Bool]]:
        """Return what is wrong with rows beyond a single cell; call it when the repeated columns are known."""
        tests: list[tuple[str, Bool]] = []
        if texts.cells.differ is not None:
            tests.append(("cells", texts.cells.differ.to_numpy(zero_copy_only=False)))
        if self.encoding == CP932:
            suspects = texts.suspects | lost_letters(texts.cells.columns)
            if suspects.any():
                tests.append(("garbled", garbled_rows(texts.cells.columns, suspects)))
        return tests

    def _is_foreign(self, code: str) -> bool:
        return not can_be(code, self.mapping.currency)

    def _contacts(self, texts: Texts, keys: pa.Array) -> pa.Table | None:
        named = [name for name in CONTACT if name in texts and not name.startswith("ship_to")]
        mails = {}
        ids = texts.wide("customer_key")
        if "email" not in texts and (named or keys is not ids):  # numbers that are mail addresses became other keys
            at = pc.match_substring(ids, "@")
            if named or pc.any(at, min_count=0).as_py():  # every piece of a file has the same columns
                mails["email"] = pc.if_else(at, ids, "")
        if not named and not mails:
            return None
        columns = {name: texts.wide(name) for name in named} | mails
        if "address" in columns and "prefecture" in texts:
            columns["address"] = _address(texts)
        return pa.table({"line": texts.cells.lines, "customer_id": keys, **columns})


def _count(unread: Bool, held: Codes) -> int:
    return int((unread & (held == 0)).sum())


def _too_long(texts: Texts, name: str) -> Bool | None:
    """Return which cells are longer than we keep; None, as nearly always, where none is."""
    if name not in texts or pc.max(pc.binary_length(texts.wide(name))).as_py() <= LONGEST:
        return None
    found: Bool = pc.greater(pc.utf8_length(texts.wide(name)), LONGEST).to_numpy(zero_copy_only=False)
    return found


def _address(texts: Texts) -> pa.Array:
    return pc.binary_join_element_wise(texts.few("prefecture").cast(pa.string()), texts.wide("address"), "")


def held_rows(texts: Texts, held: Codes, ordered_text: pa.Array, rows: pa.Table) -> pa.Table:
    """Return the rows with a reason (`held`: place in CODES plus one) as HELD; `rows` are all rows of the piece."""
    places = np.flatnonzero(held)
    if not len(places):
        return HELD.empty_table()
    codes = [CODES[held[place] - 1] for place in places]
    values = np.full(len(places), "", object)
    for code in set(codes):
        chosen = np.array([code == other for other in codes], np.bool_)
        values[chosen] = _shown(texts, ordered_text, places[chosen], code)
    found = rows.select(["line", "amount", "customer_id", "status", "order_id", "product_code"]).take(pa.array(places))
    columns = {name: found[name] for name in found.schema.names} | {
        "reason": pa.array(codes, pa.string()),
        "value": pa.array(values.tolist(), pa.string()),
    }
    return pa.table({name: columns[name].cast(HELD.field(name).type) for name in HELD.names}, schema=HELD)


def _shown(texts: Texts, ordered_text: pa.Array, places: Places, code: str) -> list[str]:
    """Return the cells that a reason is about."""
    column = REASONS[code][0]
    if column != "ordered_at" and column not in texts:
        return [""] * len(places)
    cells = ordered_text if column == "ordered_at" else texts.raw(column)
    found: list[str] = pc.utf8_trim_whitespace(cells.take(pa.array(places))).to_pylist()
    return found
