"""The typed columns of order rows; those a shop does not write are left out (`figures.row_files` knows what they mean)."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.names import Numbering
from app.purchases.files.rows.columns import Bool, Int, Texts, constant, money_of, recoded, words_of
from app.purchases.files.rows.order_money import Money, read_money
from app.purchases.files.rows.order_state import EFFECTS, KINDS, LINE_TYPES, STATUSES, Rules, State

DAY = pa.date32()
LONGEST = 255
WEB = re.compile(r"https?://(?:[^/?#]*@)?([^/?#:]+)", re.IGNORECASE)
SUBSCRIPTION = frozenset({"sub_id", "sub_seq", "sub_status", "cancelled_at", "reason"})


@dataclass(frozen=True)
class Read:
    """Columns of one piece on their way to rows."""

    ordered: pa.Array
    cancelled: pa.Array
    dispatched: pa.Array
    money: Money
    refunds: Int
    deliveries: Int
    state: State
    keys: pa.Array
    key_kinds: pa.Array


def rows_table(texts: Texts, read: Read, rules: Rules, numbering: Numbering) -> pa.Table:
    """Return the rows of one piece."""
    money, state = read.money, read.state
    count = len(texts.cells)
    counter = state.effect == EFFECTS.index("counter")
    columns: dict[str, pa.Array] = {
        "source": constant(numbering.source, count),
        "import_number": pa.repeat(pa.scalar(numbering.import_number, pa.int64()), count),
        "line": texts.cells.lines,
        "order_id": texts.wide("order_id"),
        "customer_id": read.keys,
        "customer_key_kind": read.key_kinds,
        "ordered_at": read.ordered,
        "ordered_on": read.ordered.cast(DAY, safe=False),
        "product_code": texts.few("product_code"),
        "product_name": texts.few("product_name"),
        "kind": words_of(state.kind, KINDS),
        "status": words_of(state.status, STATUSES),
        "line_type": words_of(state.line_type, LINE_TYPES),
        "fee": pa.array(state.line_type > 0),
        "effect": words_of(state.effect, EFFECTS),
        "quantity": pa.array(_turned(money.pieces, counter)),
        "amount": money_of(_turned(np.where(money.known, money.units, 0), counter)),
        "currency": constant(rules.mapping.currency, count),
        "sales_channel": _channels(texts, rules),
    }
    always = frozenset(columns)
    columns |= _acquired(texts) | _of_subscription(texts, read) | _of_order(texts, read, rules.mapping.currency)
    # of a row that is kept these are never null; saying so spares writer and readers to look
    fields = [pa.field(name, column.type, nullable=name not in always) for name, column in columns.items()]
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))


def _turned(numbers: Int, counter: Bool) -> Int:
    """Return the numbers, negative where a row takes back what was sold."""
    return np.where(counter, -np.abs(numbers), numbers) if counter.any() else numbers


def _channels(texts: Texts, rules: Rules) -> pa.DictionaryArray:
    own = rules.preset.channel if rules.preset else ""
    return recoded(texts.few("channel"), lambda text: text or own)


def _acquired(texts: Texts) -> dict[str, pa.Array]:
    name = "acquisition_channel"
    return {name: recoded(texts.few(name), brought_by)} if name in texts else {}


def brought_by(text: str) -> str:
    """Return what brought an order: of a web address its host alone, since the rest may tell who came."""
    found = WEB.match(text)
    return (found[1].casefold() if found else text)[:LONGEST]


def _of_subscription(texts: Texts, read: Read) -> dict[str, pa.Array]:
    if not SUBSCRIPTION & set(texts.columns):
        return {}
    ended = read.state.ended
    day = pc.coalesce(read.cancelled, read.ordered.cast(DAY, safe=False))
    return {
        "subscription_id": texts.wide("sub_id"),
        "subscription_number": pa.array(read.deliveries.astype(np.int32), mask=read.deliveries < 0),
        "subscription_status": texts.few("sub_status"),
        "subscription_cancelled_on": pc.if_else(pa.array(ended), day, pa.scalar(None, DAY)),
        "cancel_reason": _where(ended, texts.few("reason")),
    }


def _of_order(texts: Texts, read: Read, currency: str) -> dict[str, pa.Array]:
    """Return the line number, and what is said of the whole order on each of its rows."""
    found: dict[str, pa.Array] = {}
    if "line_id" in texts:
        found["line_id"] = texts.wide("line_id")
    for name, column in (("discount_amount", "discount"), ("points_used", "points_used")):
        if name in texts:
            found[column] = money_of(*read_money(texts, name, currency))
    if "refunded" in texts:
        sold = read.state.effect == EFFECTS.index("sale")
        found["refunded"] = money_of(read.refunds, sold & (read.refunds > 0))
    found |= {name: texts.few(name) for name in ("coupon", "prefecture") if name in texts}
    if "dispatched_on" in texts:
        found["dispatched_on"] = read.dispatched
    if "company_name" in texts:
        found["is_company"] = pc.not_equal(texts.wide("company_name"), "")
    other = [
        _differs(texts, *pair)
        for pair in (("ship_to_name", "customer_name"), ("ship_to_address", "address"))
        if set(pair) <= set(texts.columns)
    ]
    if other:
        found["ship_to_other"] = pc.or_(other[0], other[-1])
    return found


def _where(wanted: Bool, column: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the column with an empty word where it is not wanted."""
    values = [*column.dictionary.to_pylist(), ""]
    codes = np.where(wanted, column.indices.to_numpy(zero_copy_only=False), len(values) - 1).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(values, pa.string()))


def _differs(texts: Texts, name: str, other: str) -> pa.Array:
    """Return where both cells are filled and differ by more than spaces and width."""
    one, two = _folded(texts.wide(name)), _folded(texts.wide(other))
    both = pc.and_(pc.not_equal(one, ""), pc.not_equal(two, ""))
    return pc.and_(both, pc.not_equal(one, two))


def _folded(column: pa.Array) -> pa.Array:
    return pc.replace_substring(pc.utf8_normalize(column, "NFKC"), " ", "")
