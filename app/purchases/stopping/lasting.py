"""How many days one piece of a product lasts, as it was set when the figures were built; kept beside each build."""

from collections.abc import Mapping
from pathlib import Path

from app.purchases.catalogue.names import Key
from app.purchases.catalogue.queries import Facts, alias_owners

COLUMNS = ("source", "product_code", "product_name")


def days_of(facts: Facts) -> dict[Key, int]:
    """Return the days of every product of which they are set, and of its aliases."""
    known = {key: one.days_per_unit for key, one in facts.items() if one.days_per_unit}
    for key, owner in alias_owners(facts).items():
        if owner.days_per_unit:
            known.setdefault(key, owner.days_per_unit)
    return known


def write(path: Path, days: Mapping[Key, int]) -> None:
    """Write the file of a build: source, code, name where there is no code, days of a piece."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = sorted(days.items())
    columns = {name: pa.array([key[place] for key, _ in rows], pa.string()) for place, name in enumerate(COLUMNS)}
    pq.write_table(pa.table(columns | {"days": pa.array([value for _, value in rows], pa.int32())}), path)


def read(path: Path) -> dict[Key, int]:
    """Return what the file of a build holds."""
    import pyarrow.parquet as pq

    rows = pq.read_table(path).to_pylist()
    return {(row["source"], row["product_code"], row["product_name"]): row["days"] for row in rows}
