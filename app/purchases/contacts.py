"""The only module that reads contact data: names, kana, mail and phone of customers, for researchers and admins."""

from collections.abc import Sequence
from pathlib import Path

from app.purchases.schemas import Contact
from app.purchases.store import OrdersStore, read_customer

FIELDS = ("customer_name", "customer_kana", "email", "phone")


def _files(store: OrdersStore, imports: Sequence[str]) -> list[Path]:
    """Return the contact files of the manifest, oldest import first."""
    return [path for name in imports if (path := store.contacts_path(name)).exists()]


def find(store: OrdersStore, imports: Sequence[str], *, text: str, limit: int) -> list[tuple[str, str]]:
    """Return (source, customer id) of people whose name, kana, mail or phone holds the text."""
    files = _files(store, imports)
    if not files:
        return []
    compact = "regexp_replace({0}, '[\\s　\\-]', '', 'g')"
    tests = " OR ".join(f"contains(lower({compact.format(name)}), $text)" for name in FIELDS)
    wanted = text.casefold().replace(" ", "").replace("　", "").replace("-", "")
    with store.duckdb() as backend:
        return [
            (source, customer_id)
            for source, customer_id in backend.con.execute(
                f"SELECT DISTINCT source, customer_id FROM read_parquet({_names(files)}) WHERE {tests} "
                "ORDER BY source, customer_id LIMIT $limit",
                {"text": wanted, "limit": limit},
            ).fetchall()
        ]


def read(store: OrdersStore, imports: Sequence[str], *, source: str, customer_id: str) -> Contact | None:
    """Return the newest contact data of one customer, or None where no file brought any."""
    for path in reversed(_files(store, imports)):
        for row in read_customer(path, source, customer_id, FIELDS):
            if any(row):
                return Contact(*(value or "" for value in row))
    return None


def _names(files: Sequence[Path]) -> str:
    quoted = ("'" + str(path).replace("'", "''") + "'" for path in files)
    return f"[{', '.join(quoted)}]"
