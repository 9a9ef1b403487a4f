"""Texts and files as SQL of DuckDB writes them, for statements that take no parameters."""

from pathlib import Path


def literal(value: str | Path) -> str:
    """Return a text as SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def parquet(*paths: Path, options: str = "") -> str:
    """Return Parquet files as the relation that SQL reads: rows of all of them."""
    files = literal(paths[0]) if len(paths) == 1 else f"[{', '.join(map(literal, paths))}]"
    return f"read_parquet({files}{f', {options}' if options else ''})"
