"""Reads and checks a mapping: from TOML, from the page's form, or remembered."""

import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.core.i18n import N_
from app.purchases.files.mapping.field_labels import LABELS
from app.purchases.files.mapping.headers import ALIASES, CANONICAL, JOIN, plain
from app.purchases.files.mapping.presets import get, merged, missing, propose
from app.purchases.files.opening.encodings import normal_encoding
from app.purchases.files.refused import FileRefused
from app.purchases.files.values.currencies import can_be, currency_of
from app.purchases.import_schemas import Mapping

OPTIONS = tuple(name for name in Mapping.model_fields if name != "columns")


def read_mapping_file(path: Path, knows: Callable[[str], bool] = CANONICAL.__contains__) -> Mapping:
    """Return the mapping of a TOML file with `[columns]` and `[options]`; `knows` tells a column's name from a slip.

    Raises:
        FileRefused: not TOML, an unknown name, or a value that cannot be.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise FileRefused("mapping_unreadable", N_("The mapping file cannot be opened.")) from error
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise FileRefused("mapping_not_toml", N_("The mapping file is not valid TOML.")) from error
    for name in tables:
        if name not in {"columns", "options"}:
            raise FileRefused("mapping_unknown", N_("The mapping file has an unknown name: {name}."), name=name)
    return make_mapping(tables.get("columns", {}), tables.get("options", {}), knows)


def make_mapping(
    columns: object, options: object, knows: Callable[[str], bool] = CANONICAL.__contains__
) -> Mapping:  # fmt: skip
    """Return a checked mapping from two tables of plain values."""
    if not isinstance(columns, dict) or not isinstance(options, dict):
        raise FileRefused("mapping_wrong", N_("[columns] and [options] must be tables."))
    named: dict[str, Any] = {}
    for name, header in columns.items():
        canonical = str(name if knows(name) else ALIASES.get(name, name))
        if not knows(canonical) or canonical in named:
            raise FileRefused("mapping_unknown", N_("The mapping file has an unknown name: {name}."), name=name)
        named[canonical] = header
    for name in options:
        if name not in OPTIONS:
            raise FileRefused("mapping_unknown", N_("The mapping file has an unknown name: {name}."), name=name)
    try:
        mapping = Mapping.model_validate({"columns": named, **options})
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise FileRefused("mapping_wrong", N_("The mapping has a value that cannot be: {name}."), name=where) from error
    if mapping.preset and get(mapping.preset) is None:
        raise FileRefused("mapping_wrong", N_("The mapping has a value that cannot be: {name}."), name="preset")
    return mapping.model_copy(update={"encoding": normal_encoding(mapping.encoding)}) if mapping.encoding else mapping


def fit(mapping: Mapping, headers: tuple[str, ...]) -> Mapping:
    """Return the mapping with each header as the file writes it.

    Raises:
        FileRefused: a mapped header is not in the file, or a column that must be mapped is not.
    """
    by_plain: dict[str, str] = {}
    for header in headers:
        by_plain.setdefault(plain(header), header)
    columns: dict[str, str] = {}
    for canonical, header in mapping.columns.items():
        parts = [header] if header in headers else header.split(JOIN)
        named = [part if part in headers else by_plain.get(plain(part)) for part in parts]
        found = JOIN.join(part for part in named if part is not None)
        if None in named:
            raise FileRefused(
                "column_missing",
                N_("The column {column} is not in the file (for {label})."),
                column=header,
                label=LABELS.get(canonical, canonical),
            )
        columns[canonical] = found
    fitted = mapping.model_copy(update={"columns": columns})
    gone = missing(fitted)
    if gone:
        raise FileRefused(
            "column_unmapped",
            N_("No column was found for {labels}. Say which header it is in the mapping."),
            labels=[LABELS.get(name, name) for name in gone],
        )
    return fitted


def remembered(mapping: Mapping, headers: tuple[str, ...]) -> bool:
    """Return whether a remembered mapping still fits this file's headers, whatever their order."""
    return bool(mapping.columns) and not vanished(mapping, headers)


def proposal(headers: tuple[str, ...], mapping: Mapping, rows: Sequence[Sequence[str]] = ()) -> Mapping:
    """Return the remembered mapping where it fits, else a fresh proposal, in the currency that the first rows say.

    Of a remembered mapping of the same export the columns that are still there are kept.
    """
    if remembered(mapping, headers):
        return mapping
    fresh = in_its_currency(merged(propose(headers), mapping), mapping, headers, rows)
    if mapping.preset != fresh.preset:
        return fresh
    standing = {name: header for name, header in mapping.columns.items() if not missing_parts(header, headers)}
    taken = set(standing.values())
    new = {name: header for name, header in fresh.columns.items() if header not in taken}
    return fresh.model_copy(update={"columns": {**new, **standing}})


def in_its_currency(
    proposed: Mapping, given: Mapping, headers: tuple[str, ...], rows: Sequence[Sequence[str]]
) -> Mapping:
    """Return the proposed mapping in the currency that most of these rows can be in, unless a person or an earlier file gave one."""
    header = proposed.columns.get("currency", "")
    if "currency" in given.model_fields_set or header not in headers:
        return proposed
    place = headers.index(header)
    cells = Counter(row[place] for row in rows if row[place].strip())
    named = filter(None, map(currency_of, cells))
    best = max((proposed.currency, *named), key=lambda one: sum(cells[cell] for cell in cells if can_be(cell, one)))
    return proposed.model_copy(update={"currency": best})


def vanished(mapping: Mapping, headers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headers a mapping names that this file does not have."""
    parts = [part for header in mapping.columns.values() for part in missing_parts(header, headers)]
    return tuple(dict.fromkeys(parts))


def missing_parts(header: str, headers: tuple[str, ...]) -> list[str]:
    """Return what a mapped header, one or several joined, names and the file does not have."""
    if header in headers:
        return []
    names = {plain(name) for name in headers}
    return [part for part in header.split(JOIN) if plain(part) not in names]
