"""Second pass, in DuckDB: text cells become typed rows with a key, or are held back with a reason."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.i18n import N_
from app.purchases.files.staging import Staged
from app.purchases.files.words import FEE_CODES, FEE_NAMES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# reason code -> (canonical column of the cell to show, sentence)
REASONS: dict[str, tuple[str, str]] = {
    "cells": ("", N_("The row has another number of cells than the header.")),
    "repeat": ("", N_("The row repeats an earlier row exactly, and exact repeats are dropped.")),
    "date_empty": ("ordered_at", N_("The order date is empty.")),
    "date": ("ordered_at", N_("The order date is not a date we can read.")),
    "customer": ("customer_key", N_("The row has no customer number, so it belongs to nobody.")),
    "order": ("order_id", N_("The order number is empty.")),
    "amount": ("line_amount", N_("The amount is not a number.")),
    "unit_price": ("unit_price", N_("The price is not a number.")),
    "quantity": ("quantity", N_("The quantity is not a whole number.")),
    "too_long": ("customer_key", N_("The customer or order number is longer than 255 characters.")),
    "line_repeat": ("line_id", N_("The row repeats the line number of an earlier row of this file.")),
    "negative": ("quantity", N_("The quantity is negative on a row that is neither a cancel nor a return.")),
    "negative_amount": ("line_amount", N_("The amount is negative on a row that is neither a cancel nor a return.")),
}
NUMBER = r"[-+]?(\d{1,12}|\d{1,3}(,\d{3}){1,3})(\.\d{0,4}0*)?"
POINTED_YEN = r"(\d\.\d.*円)|([¥￥\\].*\d\.\d)"  # yen have no decimals: the point is a thousands mark, or a slip
# a yen sign typed into a Shift_JIS file comes out as a backslash: both are 0x5C
CLEAN = "regexp_replace(translate({0}, '▲△−', '---'), '[¥￥円$£€\\s\\\\]', '', 'g')"
SEPARATOR = "chr(31)"


@dataclass(frozen=True)
class Numbering:
    """Which import the rows belong to."""

    source: str
    import_number: int


def _number(column: str) -> str:
    clean = CLEAN.format(column)
    exact = f"try_cast({column} AS DECIMAL(18, 4))"
    plain = f"regexp_full_match({column}, '-?\\d{{1,12}}(\\.\\d{{0,4}})?')"
    careful = (
        f"CASE WHEN regexp_full_match({clean}, '{NUMBER}') AND NOT regexp_matches({column}, '{POINTED_YEN}') "
        f"THEN try_cast(replace({clean}, ',', '') AS DECIMAL(18, 4)) END"
    )
    return f"CASE WHEN {column} = '' THEN NULL WHEN {plain} THEN {exact} ELSE {careful} END"


def _parsed(staged: Staged) -> str:
    columns = staged.mapping.columns
    amount = "line_amount_number"
    if "unit_price" in columns:
        product = "TRY_CAST(price_number::DECIMAL(20, 4) * coalesce(quantity_number, 1) AS DECIMAL(18, 4))"
        amount = f"coalesce(line_amount_number, {product})" if "line_amount" in columns else product
    return f"""
    WITH numbers AS (
        SELECT *, {_number("quantity")} AS quantity_number, {_number("line_amount")} AS line_amount_number,
            {_number("unit_price")} AS price_number
        FROM staged
    ), amounts AS (
        SELECT *, {amount} AS amount_number,
            upper(product_code) IN (SELECT unnest($codes))
                OR lower(product_name) IN (SELECT unnest($names)) OR is_fee AS fee,
            regexp_full_match(order_id, '[Cc]\\d+') AS counter_order
        FROM numbers
    ), signed AS (
        SELECT *, coalesce(coalesce(quantity_number, 1) < 0 OR amount_number < 0, false) AS negative FROM amounts
    )
    SELECT * EXCLUDE (status),
        CASE WHEN status_word <> 'valid' THEN status_word
            WHEN counter_order AND negative THEN 'cancelled'
            WHEN fee OR NOT negative THEN 'valid'
            WHEN order_id IN (SELECT order_id FROM signed WHERE order_id <> '' AND NOT fee AND NOT negative)
                THEN 'returned'
            ELSE 'valid' END AS status
    FROM signed
    """


def _reason(staged: Staged) -> str:
    columns = staged.mapping.columns
    tests = ["WHEN cells_differ THEN 'cells'"]
    if staged.mapping.drop_exact_duplicates:
        tests.append("WHEN row_number() OVER (PARTITION BY row_hash ORDER BY line) > 1 THEN 'repeat'")
    tests.append("WHEN ordered_text = '' THEN 'date_empty' WHEN ordered_micros IS NULL THEN 'date'")
    tests.append("WHEN customer_key = '' THEN 'customer'")
    if "order_id" in columns:
        tests.append("WHEN order_id = '' THEN 'order'")
    tests.append("WHEN length(customer_key) > 255 OR length(order_id) > 255 THEN 'too_long'")
    if {"line_id", "order_id"} <= set(columns):
        tests.append(
            "WHEN line_id <> '' AND row_number() OVER (PARTITION BY order_id, line_id ORDER BY line) > 1 THEN 'line_repeat'"
        )
    if "quantity" in columns:
        tests.append(
            "WHEN quantity <> '' AND (quantity_number IS NULL OR quantity_number <> trunc(quantity_number)) THEN 'quantity'"
        )
    unread = "unit_price" if "line_amount" not in columns else "amount"
    tests.append(f"WHEN amount_number IS NULL THEN '{unread}'")
    ordinary = "negative AND NOT fee AND status NOT IN ('cancelled', 'returned')"
    tests.append(f"WHEN {ordinary} AND coalesce(quantity_number, 1) < 0 THEN 'negative'")
    tests.append(f"WHEN {ordinary} THEN 'negative_amount'")
    return f"CASE {' '.join(tests)} END"


def _identity(staged: Staged) -> str:
    """Return what makes a row itself: order and line number, or all its values that do not change later."""
    if "line_id" in staged.mapping.columns and "order_id" in staged.mapping.columns:
        return f"concat_ws({SEPARATOR}, order_id, line_id)"
    parts = (
        "CASE WHEN order_id = '' THEN customer_key ELSE '' END", "order_id", "line_id",
        "CAST(ordered_micros AS VARCHAR)", "product_code", "product_name", "quantity",
        "CAST(amount_number AS VARCHAR)", "line_type", "kind", "sub_id", "sub_seq", "channel",
    )  # fmt: skip
    return f"concat_ws({SEPARATOR}, {', '.join(parts)})"


def _kind() -> str:
    name = "lower(product_name)"
    return f"""CASE
        WHEN kind_word <> '' THEN kind_word
        WHEN regexp_matches({name}, 'トライアル|お試し|おためし|trial') THEN 'trial'
        WHEN sub_seq <> '' OR sub_id <> '' OR regexp_matches({name}, '定期|subscription') THEN 'subscription'
        ELSE 'single' END"""


def _final(staged: Staged) -> str:
    subscription = "(sub_seq <> '' OR sub_id <> '' OR sub_status <> '')"
    over = f"{subscription} AND (subscription_over OR (sub_status = '' AND cancelled_micros IS NOT NULL))"
    # a plain order with a cancel date of its own was cancelled, whatever its status column says
    status = f"CASE WHEN status = 'valid' AND cancelled_micros IS NOT NULL AND NOT {subscription} THEN 'cancelled' ELSE status END"
    return f"""
    WITH typed AS (
        SELECT line, row_hash, order_id AS order_number, customer_key AS customer_id, fee, negative, counter_order,
            make_timestamp(ordered_micros) AS ordered_at, product_code, product_name, {status} AS status,
            CAST(coalesce(quantity_number, 1) AS BIGINT) AS pieces, amount_number, {_kind()} AS kind,
            try_cast(sub_seq AS INTEGER) AS subscription_number, channel AS sales_channel,
            CASE WHEN {over} THEN CAST(make_timestamp(coalesce(cancelled_micros, ordered_micros)) AS DATE) END
                AS subscription_cancelled_on,
            CASE WHEN {over} THEN reason ELSE '' END AS cancel_reason,
            CAST(md5_number_lower({_identity(staged)}) >> 1 AS BIGINT) AS row_key
        FROM parsed WHERE held_reason IS NULL
    ), counted AS (
        SELECT *, CAST(row_number() OVER (PARTITION BY order_number, row_key ORDER BY line) AS INTEGER) AS nth,
            CASE WHEN fee OR status = 'pending' THEN 'none'
                WHEN status IN ('cancelled', 'returned') THEN CASE WHEN negative THEN 'counter' ELSE 'none' END
                ELSE 'sale' END AS effect
        FROM typed
    ), named AS (
        SELECT *, CASE WHEN order_number = '' THEN concat('row-', row_key, '-', nth) ELSE order_number END AS order_id
        FROM counted
    )
    SELECT CAST($source AS VARCHAR) AS source, CAST($import_number AS BIGINT) AS import_number, line, row_hash,
        order_id, row_key, nth, customer_id,
        CASE WHEN counter_order AND effect = 'counter' THEN substr(order_id, 2) ELSE order_id END AS order_ref,
        ordered_at, CAST(ordered_at AS DATE) AS ordered_on, product_code, product_name, kind, status, fee, effect,
        CASE WHEN effect = 'counter' THEN -abs(pieces) ELSE pieces END AS quantity,
        CASE WHEN effect = 'counter' THEN -abs(amount_number) ELSE amount_number END AS amount,
        CAST($currency AS VARCHAR) AS currency, sales_channel, subscription_number, subscription_cancelled_on,
        cancel_reason,
        CAST(md5_number_lower(concat_ws({SEPARATOR}, customer_id, ordered_at, product_code, product_name, kind, status, pieces,
            amount_number, sales_channel, coalesce(subscription_number, -1),
            coalesce(CAST(subscription_cancelled_on AS VARCHAR), ''), cancel_reason)) >> 1 AS BIGINT) AS content_key
    FROM named
    """


def normalise(connection: "DuckDBPyConnection", staged: Staged, numbering: Numbering) -> None:
    """Make the tables `held` and `good` in this connection from the staged cells."""
    run = connection.execute
    run("CREATE OR REPLACE VIEW staged AS SELECT * FROM read_parquet('" + _quoted(staged.path) + "')")
    codes = [*(code.upper() for code in staged.mapping.fee_codes), *FEE_CODES]
    run(
        f"CREATE OR REPLACE TABLE parsed AS SELECT *, {_reason(staged)} AS held_reason FROM ({_parsed(staged)})",
        {"codes": codes, "names": list(FEE_NAMES)},
    )
    parameters: dict[str, Any] = {
        "source": numbering.source,
        "import_number": numbering.import_number,
        "currency": staged.mapping.currency,
    }
    run(f"CREATE OR REPLACE TABLE good AS {_final(staged)}", parameters)
    cells = " ".join(
        f"WHEN '{code}' THEN {'ordered_text' if column == 'ordered_at' else column}"
        for code, (column, _) in REASONS.items()
        if column
    )
    run(f"""CREATE OR REPLACE TABLE held AS
        SELECT line, held_reason AS reason, CASE held_reason {cells} ELSE '' END AS value,
            coalesce(amount_number, 0) AS amount
        FROM parsed WHERE held_reason IS NOT NULL""")


def write_rows(connection: "DuckDBPyConnection", target: Path) -> None:
    """Write the table `good` as Parquet."""
    connection.execute(f"COPY good TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION zstd)")


def read_rows(connection: "DuckDBPyConnection", path: Path) -> None:
    """Make `good` from rows prepared earlier."""
    connection.execute(f"CREATE OR REPLACE VIEW good AS SELECT * FROM read_parquet('{_quoted(path)}')")


def write_contacts(connection: "DuckDBPyConnection", staged: Staged, numbering: Numbering, target: Path) -> bool:
    """Write the newest contact data of each customer of the taken rows; False where the file has none."""
    named = [name for name in ("customer_name", "customer_kana", "email", "phone") if name in staged.mapping.columns]
    held_mail = connection.execute("SELECT count(*) FROM parsed WHERE customer_key LIKE 'mail-%'").fetchone()
    if not named and not (held_mail and held_mail[0]):
        return False
    connection.execute(
        f"""COPY (
            SELECT CAST('{_text(numbering.source)}' AS VARCHAR) AS source, customer_key AS customer_id,
                {
            ", ".join(
                f"max_by({name}, line) FILTER ({name} <> '') AS {name}"
                for name in ("customer_name", "customer_kana", "email", "phone")
            )
        }
            FROM parsed WHERE held_reason IS NULL GROUP BY customer_key ORDER BY customer_key
        ) TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION zstd)"""
    )
    return True


def _quoted(path: Path) -> str:
    return _text(str(path))


def _text(value: str) -> str:
    return value.replace("'", "''")
