"""Who bought a product, by a part of its name as people write it."""

import unicodedata

from sqlmodel import Session

from app.purchases.builds import version_in_use
from app.purchases.store import OrdersStore

COLUMNS = ["source", "customer_id", "product_name", "effect"]


def plain_name(name: str) -> str:
    """Return a name without width, case and spaces, so that 白つゆ美容液 is found in 【定期便】白つゆ 美容液 30mL."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def buyers(session: Session, store: OrdersStore, *, product: str) -> frozenset[str]:
    """Return the references of customers with a sale whose product name holds `product`; empty where none is so named."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    version = version_in_use(session)
    wanted = plain_name(product)
    if not version or not wanted:
        return frozenset()
    table = pq.read_table(store.lines_path(version), columns=COLUMNS)
    table = table.filter(pc.equal(table["effect"], "sale"))
    names = [name for name in pc.unique(table["product_name"]).to_pylist() if name and wanted in plain_name(name)]
    if not names:
        return frozenset()
    found = table.filter(pc.is_in(table["product_name"], value_set=pa.array(names, table["product_name"].type)))
    pairs = found.group_by(["source", "customer_id"]).aggregate([])
    return frozenset(store.customer_ref(row["source"], row["customer_id"]) for row in pairs.to_pylist())
