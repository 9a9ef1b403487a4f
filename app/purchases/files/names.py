"""Names of the files in an upload's folder."""

ORIGINAL, STAGED, ROWS, CONTACTS, HELD = "original", "staged.parquet", "rows.parquet", "contacts.parquet", "held.csv"
