"""The columns of a contact file: what the shop wrote, and beside it what search and comparison look at. Pure."""

import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np
import pyarrow as pa

from app.purchases.identity.people import FOLDED, FOLDED_NOBODY, PLAIN

KEY = ("source", "customer_id")
FIELDS = ("customer_name", "customer_kana", "email", "phone", "company_name", "postal_code", "address")
SEARCHED = ("customer_name", "customer_kana", "company_name", "email")
# what two keys are compared by -> (the field it is made from, how)
COMPARED = {
    "mail_plain": ("email", PLAIN["email"]),
    "phone_plain": ("phone", PLAIN["phone"]),
    "name_plain": ("customer_name", PLAIN["name"]),
    "kana_plain": ("customer_kana", PLAIN["kana"]),
    "address_plain": ("address", PLAIN["address"]),
    "postal_plain": ("postal_code", PLAIN["postal_code"]),
}
COLUMNS = (*KEY, *FIELDS, *COMPARED, "search_text")
SEPARATOR, DROPPED = "\0", 0xFFFF
ROW_GROUP = 10_000
"""Rows of a contact file that are read together: it is sorted by customer, so one person's are in one such group."""
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])


def finish(table: pa.Table) -> pa.Table:
    """Return contact data, one row for each customer key, with the columns that search and comparison need.

    `table` has source, customer_id and any of FIELDS; fields it lacks are empty.
    """
    texts = {name: _texts(table, name) for name in (*KEY, *FIELDS)}
    folded = {name: fold_all(texts[name]) for name in SEARCHED}
    compared = {
        name: [_person(text) for text in folded[field]] if plainly is PLAIN["name"] else _each(texts[field], plainly)
        for name, (field, plainly) in COMPARED.items()
    }
    search = ["\n".join(filter(None, cells)) for cells in zip(*folded.values(), compared["phone_plain"], strict=True)]
    columns = texts | compared | {"search_text": search}
    return pa.table([pa.array(columns[name], pa.string()) for name in COLUMNS], SCHEMA)


def fold_all(texts: list[str]) -> list[str]:
    """Return `people.fold` of each text. One look-up for all characters: a call for each text takes four times as long."""
    if not texts:
        return []
    joined = unicodedata.normalize("NFKC", SEPARATOR.join(texts)).casefold()
    units = _folded_units()[np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)]
    folded: str = units[units != DROPPED].tobytes().decode("utf-16-le", "surrogatepass")
    return folded.split(SEPARATOR)


@cache
def _folded_units() -> "np.ndarray[tuple[int], np.dtype[np.uint16]]":
    """Return what becomes of each UTF-16 unit when a text is folded."""
    units = np.arange(1 << 16, dtype=np.uint16)
    for code, becomes in FOLDED.items():
        units[code] = DROPPED if becomes is None else becomes
    units[[code for code in range(1 << 16) if chr(code).isspace()]] = DROPPED
    return units


def _person(folded: str) -> str:
    return "" if folded in FOLDED_NOBODY else folded


def _texts(table: pa.Table, name: str) -> list[str]:
    if name not in table.column_names:
        return [""] * table.num_rows
    return [text or "" for text in table[name].to_pylist()]


def _each(column: list[str], meaning: Callable[[str], str]) -> list[str]:
    known = {text: meaning(text) if text else "" for text in dict.fromkeys(column)}
    return list(map(known.__getitem__, column))
