"""The only module that reads contact data: names, kana, mail, phone and addresses of customers, for researchers and admins."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.purchases.identity.merges import Key
from app.purchases.identity.people import fold, plain_phone
from app.purchases.schemas import Contact
from app.purchases.store import OrdersStore

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from app.purchases.identity.pairs import Pairs

FIELDS = ("customer_name", "customer_kana", "email", "phone", "company_name", "postal_code", "address")


def _files(store: OrdersStore, imports: Sequence[str]) -> list[Path]:
    """Return the contact files of the manifest, oldest import first."""
    return [path for name in imports if (path := store.contacts_path(name)).exists()]


@contextmanager
def _opened(store: OrdersStore, files: Sequence[Path]) -> Iterator["DuckDBPyConnection"]:
    """Yield a connection with the view `contact`; columns that no file has are empty."""
    from app.purchases.identity.contact_table import COLUMNS

    with store.duckdb() as backend:
        connection: DuckDBPyConnection = backend.con
        blank = ", ".join(f"'' AS {name}" for name in COLUMNS)
        texts = ", ".join(f"coalesce({name}, '') AS {name}" for name in COLUMNS)
        connection.execute(
            f"CREATE TEMP VIEW contact AS SELECT {texts}, coalesce(file_row_number, 0) AS place, filename FROM ("
            f"SELECT {blank} WHERE false UNION ALL BY NAME SELECT * FROM read_parquet({_names(files)}, "
            "union_by_name = true, filename = true, file_row_number = true))"
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
    import pyarrow as pa

    wanted = pa.table({name: [key[i] for key in keys] for i, name in enumerate(Key._fields)})
    names = [str(path) for path in files]
    newest = ", ".join(f"max_by({name}, list_position($files, filename)) FILTER ({name} <> '')" for name in FIELDS)
    with _opened(store, files) as connection:
        connection.register("wanted", wanted)
        rows = connection.execute(
            f"SELECT source, customer_id, {newest} FROM contact SEMI JOIN wanted USING (source, customer_id) "
            "GROUP BY source, customer_id",
            {"files": names},
        ).fetchall()
    return {Key(row[0], row[1]): Contact(*(value or "" for value in row[2:])) for row in rows if any(row[2:])}


def pairs(store: OrdersStore, imports: Sequence[str]) -> "Pairs | None":
    """Return keys that may be one person, by what their contact data has in common; None where there is none."""
    from app.purchases.identity.pairs import find_pairs

    files = _files(store, imports)
    if not files:
        return None
    with _opened(store, files) as connection:
        return find_pairs(connection)


def _names(files: Sequence[Path]) -> str:
    quoted = ("'" + str(path).replace("'", "''") + "'" for path in files)
    return f"[{', '.join(quoted)}]"
