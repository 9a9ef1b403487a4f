"""The only module that reads contact data: names, kana, mail, phone and addresses of customers, for researchers and admins."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import sql
from app.purchases.identity.merges import Key
from app.purchases.identity.people import fold, plain_phone
from app.purchases.schemas import Contact
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from app.purchases.identity.pairs import Pairs

FEW = 3
FIELDS = ("customer_name", "customer_kana", "email", "phone", "company_name", "postal_code", "address")


def _files(store: OrdersStore, imports: Sequence[str]) -> list[Path]:
    """Return the contact files of the manifest, oldest import first."""
    return [path for name in imports if (path := store.contacts_path(name)).exists()]


@contextmanager
def _opened(store: OrdersStore, files: Sequence[Path]) -> Iterator["DuckDBPyConnection"]:
    """Yield a connection with the view `contact`; columns that no file has are empty."""
    from app.purchases.identity.contact_table import COLUMNS, KEY

    with store.plain_duckdb() as connection:
        blank = ", ".join(f"'' AS {name}" for name in COLUMNS)
        texts = ", ".join(name if name in KEY else f"coalesce({name}, '') AS {name}" for name in COLUMNS)
        connection.execute(
            f"CREATE TEMP VIEW contact AS SELECT {texts}, filename FROM ("
            f"SELECT {blank} WHERE false UNION ALL BY NAME SELECT * FROM "
            f"{sql.parquet(*files, options='union_by_name = true, filename = true')})"
        )
        yield connection


def find(store: OrdersStore, imports: Sequence[str], *, text: str, limit: int) -> list[tuple[str, str]]:
    """Return (source, customer id) of people whose name, kana, firm, mail or phone holds the text.

    Width, case, kind of kana, spaces and hyphens make no difference; a phone number may be written with +81.
    """
    files, wanted = _files(store, imports), fold(text)
    if not files or not wanted:
        return []
    with _opened(store, files) as connection:
        return connection.execute(
            "SELECT DISTINCT source, customer_id FROM contact "
            "WHERE contains(search_text, $text) OR ($phone <> '' AND contains(search_text, $phone)) "
            "ORDER BY source, customer_id LIMIT $limit",
            {"text": wanted, "phone": plain_phone(text), "limit": limit},
        ).fetchall()


def read(store: OrdersStore, imports: Sequence[str], *, keys: Sequence[Key]) -> dict[Key, Contact]:
    """Return the newest contact data of each key that has any, field by field."""
    files = _files(store, imports)
    if not files or not keys:
        return {}
    rows = _few(files, keys) if len(keys) <= FEW else _many(store, files, keys)
    return {key: Contact(*values) for key, *values in rows if key in set(keys) and any(values)}


def _few(files: Sequence[Path], keys: Sequence[Key]) -> Iterator[tuple[Key, *tuple[str, ...]]]:
    """Yield key and fields; the files are sorted by customer, so only a few rows of each are read."""
    import pyarrow.parquet as pq

    for key in keys:
        known = dict.fromkeys(FIELDS, "")
        for path in files:
            columns = [name for name in FIELDS if name in pq.read_schema(path).names]
            test = [("source", "==", key.source), ("customer_id", "==", key.customer_id)]
            for row in pq.read_table(path, columns=columns, filters=test, use_threads=False).to_pylist():
                known |= {name: value for name, value in row.items() if value}
        yield key, *known.values()


def _many(store: OrdersStore, files: Sequence[Path], keys: Sequence[Key]) -> list[tuple[Key, *tuple[str, ...]]]:
    newest = ", ".join(f"max_by({name}, list_position($files, filename)) FILTER ({name} <> '')" for name in FIELDS)
    # constants, not a join: then only the parts of the sorted files that can hold these numbers are read
    numbers = {f"n{place}": number for place, number in enumerate(dict.fromkeys(key.customer_id for key in keys))}
    with _opened(store, files) as connection:
        rows = connection.execute(
            f"SELECT source, customer_id, {newest} FROM contact "
            f"WHERE customer_id IN ({', '.join(f'${name}' for name in numbers)}) GROUP BY source, customer_id",
            {"files": [str(path) for path in files], **numbers},
        ).fetchall()
    return [(Key(source, number), *(value or "" for value in values)) for source, number, *values in rows]


def pairs(store: OrdersStore, imports: Sequence[str]) -> "Pairs | None":
    """Return keys that may be one person, by what their contact data has in common; None where there is none."""
    from app.purchases.identity.pairs import find_pairs

    files = _files(store, imports)
    if not files:
        return None
    with _opened(store, files) as connection:
        return find_pairs(connection)
