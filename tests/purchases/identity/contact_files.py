"""Contact files as imports leave them, made by hand."""

import pyarrow as pa
import pyarrow.parquet as pq

from app.purchases.identity.contact_table import FIELDS, finish
from app.purchases.store import OrdersStore


def person(
    number: str, *, source: str = "shop", name: str = "", kana: str = "", mail: str = "", phone: str = "",
    company: str = "", postal_code: str = "", address: str = "",
) -> dict[str, str]:  # fmt: skip
    values = (name, kana, mail, phone, company, postal_code, address)
    return {"source": source, "customer_id": number, **dict(zip(FIELDS, values, strict=True))}


def write_contacts(store: OrdersStore, public_id: str, *people: dict[str, str]) -> str:
    path = store.contacts_path(public_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(finish(pa.Table.from_pylist(list(people))), path)
    return public_id
