"""The columns of a contact file: what the shop wrote, and beside it what search and comparison look at. Pure."""

from collections.abc import Callable

import pyarrow as pa

from app.purchases.identity.people import PLAIN, fold

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
ROW_GROUP = 10_000
"""Rows of a contact file that are read together: it is sorted by customer, so one person's are in one such group."""
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])


def finish(table: pa.Table) -> pa.Table:
    """Return contact data, one row for each customer key, with the columns that search and comparison need.

    `table` has source, customer_id and any of FIELDS; fields it lacks are empty.
    """
    texts = {name: _texts(table, name) for name in (*KEY, *FIELDS)}
    compared = {
        name: _each(column, plainly) for name, (field, plainly) in COMPARED.items() for column in (texts[field],)
    }
    searched = [_each(texts[name], fold) for name in SEARCHED]
    search = ["\n".join(filter(None, cells)) for cells in zip(*searched, compared["phone_plain"], strict=True)]
    columns = texts | compared | {"search_text": search}
    return pa.table([pa.array(columns[name], pa.string()) for name in COLUMNS], SCHEMA)


def _texts(table: pa.Table, name: str) -> list[str]:
    if name not in table.column_names:
        return [""] * table.num_rows
    return [text or "" for text in table[name].to_pylist()]


def _each(column: list[str], meaning: Callable[[str], str]) -> list[str]:
    known = {text: meaning(text) if text else "" for text in dict.fromkeys(column)}
    return list(map(known.__getitem__, column))
