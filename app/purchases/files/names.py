"""Names of the files in an upload's folder, and of the import they belong to."""

from dataclasses import dataclass

ORIGINAL, ROWS, FIXES, CONTACT_CELLS, CONTACTS, HELD = (
    "original", "rows.parquet", "fixes.parquet", "contact-cells.parquet", "contacts.parquet", "held.csv",
)  # fmt: skip


@dataclass(frozen=True)
class Numbering:
    """Which import the rows belong to."""

    source: str
    import_number: int
