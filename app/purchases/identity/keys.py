"""The key of a row's customer: the shop's number, else the mail address, else phone and name, else nobody. Pure.

A mail address or a phone number never enters the orders store; its keyed hash does, the same in every file and source.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.purchases.files.opening.decoding import bytes_of
from app.purchases.identity.people import (
    MAIL_KEY,
    NOBODY,
    PHONE_KEY,
    is_alias,
    plain,
    plain_mail,
    plain_name,
    plain_phone,
)

HEX_DIGITS = 20
SEPARATOR = "\0"
NO_ID = pa.array(sorted({"", *NOBODY, *map(str.upper, NOBODY), *map(str.capitalize, NOBODY)}), pa.string())
Cells = Any  # an Arrow column, a list of texts, or None


def customer_keys(
    ids: Cells, mails: Cells = None, phones: Cells = None, names: Cells = None, *, secret: bytes
) -> tuple[pa.Array, pa.Array]:
    """Return for each row the key of its customer, '' for nobody, and as codes what the key is: 'id', 'mail', 'phone' or ''.

    The columns are of equal length, their cells stripped and in one width; None stands for a column the file does not have.
    """
    count = next(len(column) for column in (ids, mails, phones, names) if column is not None)
    given = _column(ids, count)
    addressed = pc.match_substring(given, "@") if _holds(given, "@") else pa.array(np.zeros(count, np.bool_))
    unsure = pc.or_(addressed, pc.is_in(given, NO_ID))
    if not pc.any(unsure, min_count=0).as_py():
        return given, pa.repeat(pa.scalar("id"), count).dictionary_encode()
    kinds = pc.if_else(unsure, "", "id")
    rows = pc.indices_nonzero(unsure)
    spare = [column.take(rows) for column in (given, *(_column(cells, count) for cells in (mails, phones, names)))]
    by_mail = _either(
        _each(pc.if_else(addressed.take(rows), spare[0], ""), lambda text: _mail_key(_id_mail(text), secret)),
        mail_keys(spare[1], secret=secret),
    )
    by_phone = pc.if_else(pc.equal(by_mail, ""), phone_keys(spare[2], spare[3], secret=secret), "")
    spare_kinds = pc.if_else(pc.not_equal(by_mail, ""), "mail", pc.if_else(pc.not_equal(by_phone, ""), "phone", ""))
    keys = pc.replace_with_mask(given, unsure, _either(by_mail, by_phone))
    return keys, pc.replace_with_mask(kinds, unsure, spare_kinds).dictionary_encode()


def _holds(column: pa.Array, letter: str) -> bool:
    """Return whether any cell holds an ASCII letter."""
    return bool((bytes_of(column) == ord(letter)).any())


def mail_keys(mails: Cells, *, secret: bytes) -> pa.Array:
    """Return the keyed hash of each mail address; '' where there is none that names a person."""
    column = _column(mails, 0 if mails is None else len(mails))
    return _each(column, lambda text: _mail_key(plain_mail(text), secret))


def phone_keys(phones: Cells, names: Cells, *, secret: bytes) -> pa.Array:
    """Return the keyed hash of each phone number and name together; '' where either is missing."""
    count = 0 if phones is None else len(phones)
    pairs = pc.binary_join_element_wise(_column(phones, count), _column(names, count), SEPARATOR)
    return _each(pairs, lambda pair: _phone_key(pair, secret))


def _id_mail(text: str) -> str:
    """Return a shop's number that is a mail address as one; other numbers with an @ are hashed all the same."""
    return plain_mail(text) or ("" if is_alias(text) else plain(text))


def _mail_key(mail: str, secret: bytes) -> str:
    return MAIL_KEY + _digest(f"mail\0{mail}", secret) if mail else ""


def _phone_key(pair: str, secret: bytes) -> str:
    phone, _, name = pair.partition(SEPARATOR)
    digits, called = plain_phone(phone), plain_name(name)
    return PHONE_KEY + _digest(f"tel\0{digits}\0{called}", secret) if digits and called else ""


def _digest(text: str, secret: bytes) -> str:
    return hmac.digest(secret, text.encode(), hashlib.sha256).hex()[:HEX_DIGITS]


def _column(cells: Cells, count: int) -> pa.Array:
    """Return cells as one array of texts without nulls; '' for each row of a column that is not there."""
    if cells is None:
        return pa.repeat(pa.scalar(""), count)
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    array = cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string())
    array = array if array.type == pa.string() else array.cast(pa.string())
    return pc.fill_null(array, "") if array.null_count else array


def _each(column: pa.Array, meaning: Callable[[str], str]) -> pa.Array:
    """Return what each cell means; a value that occurs often is looked at once."""
    encoded = column.dictionary_encode()
    meanings = pa.array([meaning(text) if text else "" for text in encoded.dictionary.to_pylist()], pa.string())
    return meanings.take(encoded.indices)


def _either(first: pa.Array, second: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(first, ""), second, first)
