"""What each order row is: goods or a fee, sold, cancelled, returned or not settled, and what it does to the amount."""

import re
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.mapping.presets import Preset
from app.purchases.files.rows.columns import Bool, Int, Texts, meaning
from app.purchases.files.rows.order_money import Money
from app.purchases.files.values import words
from app.purchases.import_schemas import Mapping

STATUSES = ("valid", "cancelled", "returned", "pending")
LINE_TYPES = ("goods", "shipping", "fee", "discount", "tax", "points")
KINDS = ("single", "trial", "subscription")
EFFECTS = ("sale", "counter", "none")
SHIPPING_CODES = frozenset({"POST", "POSTAGE", "SHIPPING", "DOT"})
COUNTER_ORDER = re.compile(r"[Cc]\d+")
TRIAL_NAME = re.compile(r"トライアル|お試し|おためし|trial", re.IGNORECASE)
SUBSCRIPTION_NAME = re.compile(r"定期|subscription", re.IGNORECASE)
DELIVERY = re.compile(r"第?\s*(\d{1,9})\s*(?:回目?)?", re.ASCII)
MOST_DELIVERIES = 999  # beyond it stands a date (20260105) or a number of something else
Codes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class State:
    """Codes into STATUSES, LINE_TYPES, KINDS and EFFECTS; `doubtful` rows are negative without saying why."""

    status: Codes
    line_type: Codes
    kind: Codes
    effect: Codes
    negative: Bool
    doubtful: Bool
    ended: Bool


@dataclass(frozen=True)
class Rules:
    """How one file's words are read: the shop's own table first, then the words every shop uses."""

    mapping: Mapping
    preset: Preset | None

    def status(self, text: str) -> int:
        """Return the place in STATUSES."""
        own = self.preset.status_of(text) if self.preset else ""
        return STATUSES.index(own or words.status(text, self.mapping.columns.get("status", "")))

    def line_type(self, text: str) -> int:
        """Return the place in LINE_TYPES."""
        own = self.preset.line_type_of(text) if self.preset else ""
        return LINE_TYPES.index(own or words.line_type(text))

    def kind(self, text: str) -> int:
        """Return the place in KINDS, or -1 where the text does not say."""
        own = self.preset.kind_of(text) if self.preset else ""
        found = own or words.kind(text)
        return KINDS.index(found) if found else -1

    def fee_code(self, code: str) -> int:
        """Return the place in LINE_TYPES of a product code."""
        return code_line_type(code, self.mapping.fee_codes)


def row_state(texts: Texts, money: Money, cancelled: Bool, rules: Rules) -> State:
    """Return the state of every row; `cancelled` says which rows have a cancel date."""
    line_type = _line_types(texts, rules)
    fee = line_type > 0
    subscribed = texts.is_filled("sub_seq") | texts.is_filled("sub_status") | _any_filled(texts, "sub_id")
    over = meaning(texts.few("sub_status"), words.subscription_over, np.bool_)
    dates_order = rules.preset is not None and rules.preset.cancel_date_of == "order"
    ended = subscribed & (over | (cancelled & ~texts.is_filled("sub_status") & (not dates_order)))
    status = meaning(texts.few("status"), rules.status, np.int8)
    # a plain order with a cancel date of its own was cancelled, whatever its status column says
    status = np.where((status == 0) & cancelled & (~subscribed | dates_order), np.int8(1), status)
    negative = money.known & ((money.pieces < 0) | (money.units < 0))
    counter = negative & _counter_orders(texts, negative)
    status = np.where((status == 0) & counter, np.int8(1), status)
    doubtful = negative & ~fee & ((status == 0) | ((status == 3) & ~counter))
    status = np.where(doubtful & (status == 0), np.int8(2), status)
    off = (status == 1) | (status == 2)
    effect = np.where(fee | (status == 3) | (off & ~negative), np.int8(2), np.where(off, np.int8(1), np.int8(0)))
    return State(status, line_type, _kinds(texts, subscribed, rules), effect, negative, doubtful, ended)


def deliveries(texts: Texts) -> tuple[Int, Bool]:
    """Return which delivery of its subscription each row is, -1 where it is none, and which cells say something else."""
    found = meaning(texts.few("sub_seq"), _delivery, np.int64)
    return found, texts.is_filled("sub_seq") & (found < 0)


def _delivery(text: str) -> int:
    said = DELIVERY.fullmatch(text)
    return int(said[1]) if said and int(said[1]) <= MOST_DELIVERIES else -1


def never_charged(texts: Texts, money: Money, state: State, preset: Preset | None) -> Money:
    """Return the money with 0 where the shop leaves the amount of an order blank that was never charged."""
    if preset is None or not preset.nothing_paid or "line_amount" not in texts:
        return money
    free = ~texts.is_filled("line_amount") & np.isin(
        state.status, [STATUSES.index(name) for name in preset.nothing_paid]
    )
    if texts.cells.differ is not None:
        free &= ~texts.cells.differ.to_numpy(zero_copy_only=False)
    return replace(money, units=np.where(free, 0, money.units), known=money.known | free)


def _any_filled(texts: Texts, name: str) -> Bool:
    if name not in texts:
        return np.zeros(len(texts.cells), np.bool_)
    found: Bool = pc.not_equal(texts.wide(name), "").to_numpy(zero_copy_only=False)
    return found


def _line_types(texts: Texts, rules: Rules) -> Codes:
    found = meaning(texts.few("line_type"), rules.line_type, np.int8)
    by_code = meaning(texts.few("product_code"), rules.fee_code, np.int8)
    by_name = meaning(texts.few("product_name"), name_line_type, np.int8)
    named = np.where(by_code > 0, by_code, by_name)
    return np.where(found > 0, found, named).astype(np.int8)


def name_line_type(name: str) -> int:
    """Return the place in LINE_TYPES of a product name: goods unless it is exactly a fee's."""
    low = name.casefold()
    return (LINE_TYPES.index(words.line_type(low)) or LINE_TYPES.index("fee")) if low in words.FEE_NAMES else 0


def code_line_type(code: str, fee_codes: tuple[str, ...]) -> int:
    """Return the place in LINE_TYPES of a product code."""
    high = code.upper()
    if not high or (high not in words.FEE_CODES and high not in {fee.upper() for fee in fee_codes}):
        return 0
    if high in SHIPPING_CODES:
        return LINE_TYPES.index("shipping")
    return LINE_TYPES.index("discount" if high == "DISCOUNT" else "fee")


def _counter_orders(texts: Texts, negative: Bool) -> Bool:
    found = np.zeros(len(negative), np.bool_)
    places = np.flatnonzero(negative)
    if len(places) and "order_id" in texts:
        numbers = texts.wide("order_id").take(pa.array(places)).to_pylist()
        found[places] = [COUNTER_ORDER.fullmatch(number) is not None for number in numbers]
    return found


def _kinds(texts: Texts, subscribed: Bool, rules: Rules) -> Codes:
    said = meaning(texts.few("kind"), rules.kind, np.int8)
    by_name = meaning(texts.few("product_name"), _kind_of_name, np.int8)
    from_product = np.where(by_name == 1, by_name, np.where(subscribed, np.int8(2), by_name))
    return np.where(said >= 0, said, from_product).astype(np.int8)


def _kind_of_name(name: str) -> int:
    if TRIAL_NAME.search(name):
        return 1
    return 2 if SUBSCRIPTION_NAME.search(name) else 0
