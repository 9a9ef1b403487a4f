"""What we know of the shop systems' exports, recognised by header names; read from `seed_data/presets`."""

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from app.purchases.files.mapping import headers as generic
from app.purchases.files.mapping.headers import JOIN, plain
from app.purchases.import_schemas import Mapping, TimeZone
from app.purchases.models import FileTable

FOLDER = Path(__file__).resolve().parents[4] / "seed_data" / "presets"
Status = Literal["valid", "cancelled", "returned", "pending"]
LineType = Literal["goods", "shipping", "fee", "discount", "tax", "points"]
Kind = Literal["trial", "single", "subscription"]


def folded(text: str) -> str:
    """Return a cell for comparing: NFKC, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


class OptionRows(BaseModel):
    """Rows that belong to the goods row above them: the name starts with `prefix` and the column `empty` is blank."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefix: str
    empty: str


class Preset(BaseModel):
    """One export of one shop system.

    `signatures`: the file is this export if all headers of one of them are there. `columns`: canonical name to the headers
    it may have, best first, `A + B` where a shop splits it; an empty list keeps the generic matcher from guessing.
    A blank amount is 0 on rows whose status is among `nothing_paid`.
    `export` and `left_out` are for `docs/formats.md`; `not_verified` is shown where the file is recognised.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    name: str
    export: str
    table: FileTable = FileTable.ORDERS
    signatures: tuple[tuple[str, ...], ...]
    columns: dict[str, tuple[str, ...]]
    encoding: str = ""
    time_zone: TimeZone = "Asia/Tokyo"
    tax: Literal["included", "excluded"] = "included"
    fill_down: bool = False
    status: dict[str, Status] = {}
    line_types: dict[str, LineType] = {}
    kinds: dict[str, Kind] = {}
    fee_codes: tuple[str, ...] = ()
    channel: str = ""
    option_rows: OptionRows | None = None
    multi_value: tuple[str, ...] = ()
    cancel_date_of: Literal["order", "subscription"] = "subscription"
    without_customer: bool = False
    nothing_paid: tuple[Status, ...] = ()
    left_out: tuple[str, ...] = ()
    not_verified: tuple[str, ...] = ()

    @field_validator("status", "line_types", "kinds")
    @classmethod
    def _folded_words(cls, words: dict[str, str]) -> dict[str, str]:
        return {folded(word): meaning for word, meaning in words.items()}

    def status_of(self, text: str) -> Status | Literal[""]:
        """Return what a status cell means in this shop; nothing where it has no meaning of its own."""
        return self.status.get(folded(text), "")

    def line_type_of(self, text: str) -> LineType | Literal[""]:
        """Return what kind of line a line-type cell names; nothing where this shop has no word for it."""
        return self.line_types.get(folded(text), "")

    def kind_of(self, text: str) -> Kind | Literal[""]:
        """Return the kind of purchase a cell names; nothing where this shop has no word for it."""
        return self.kinds.get(folded(text), "")

    def cell(self, canonical: str, text: str) -> str:
        """Return the one value of a cell that holds several: the first, or the sum of quantities."""
        parts = [part.strip() for part in text.split(",")]
        if canonical not in self.multi_value or len(parts) == 1:
            return text
        if canonical == "quantity" and all(part.isdecimal() for part in parts):
            return str(sum(map(int, parts)))
        return parts[0]

    def signature_in(self, names: frozenset[str]) -> int:
        """Return how many headers recognise it: those of its longest signature among these plain names, or 0."""
        return max(
            (len(words) for words in self.signatures if all(plain(word) in names for word in words)),
            default=0,
        )


@cache
def all_presets() -> tuple[Preset, ...]:
    """Return every preset, by code; read once."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        tables = tomllib.loads(path.read_text("utf-8"))
        found.append(Preset.model_validate({"code": path.stem, **tables}))
    return tuple(found)


def get(code: str) -> Preset | None:
    """Return the preset a mapping names, or nothing."""
    return next((preset for preset in all_presets() if preset.code == code), None)


def recognise(headers: tuple[str, ...], table: FileTable | None = None) -> Preset | None:
    """Return the export whose headers these are: the one with most recognising headers, then most columns."""
    names = frozenset(map(plain, headers))
    best: Preset | None = None
    best_fit = (0, 0)
    for preset in all_presets():
        if table is not None and preset.table is not table:
            continue
        if known := preset.signature_in(names):
            fit = (known, len(found_columns(preset, headers)))
            if fit > best_fit:
                best, best_fit = preset, fit
    return best


def found_columns(preset: Preset, headers: tuple[str, ...]) -> dict[str, str]:
    """Return the preset's columns that are in this file, as the file writes their headers."""
    by_plain = generic.by_plain(headers)
    columns: dict[str, str] = {}
    for canonical, alternatives in preset.columns.items():
        for header in alternatives:
            parts = [by_plain.get(plain(part)) for part in header.split(JOIN)]
            if None not in parts:
                columns[canonical] = JOIN.join(part for part in parts if part is not None)
                break
    return columns


def propose(headers: tuple[str, ...], table: FileTable = FileTable.ORDERS) -> Mapping:
    """Return the mapping these headers suggest for such a table: the shop's own columns, then for orders what alike names mean."""
    preset = recognise(headers, table)
    if preset is None:
        return generic.propose(headers) if table is FileTable.ORDERS else Mapping()
    columns = found_columns(preset, headers)
    if preset.table is FileTable.ORDERS:
        columns |= generic.guessed(headers, taken=columns, unwanted=preset.columns.keys())
    return _usual(preset).model_copy(update={"columns": columns})


def _usual(preset: Preset | None) -> Mapping:
    """Return the options a preset comes with."""
    if preset is None:
        return Mapping()
    return Mapping(
        preset=preset.code,
        time_zone=preset.time_zone,
        tax=preset.tax,
        fill_down=preset.fill_down,
        fee_codes=preset.fee_codes,
    )


def merged(proposed: Mapping, given: Mapping) -> Mapping:
    """Return the proposed mapping with every option in which a person departed from what is usual for the shop."""
    usual = _usual(get(given.preset))
    chosen = {
        name: value
        for name in Mapping.model_fields
        if name not in {"columns", "preset"} and (value := getattr(given, name)) != getattr(usual, name)
    }
    return proposed.model_copy(update=chosen)


def missing(mapping: Mapping) -> tuple[str, ...]:
    """Return the canonical names an order file's mapping lacks; some exports name no customer at all."""
    preset = get(mapping.preset)
    return generic.missing(mapping, without_customer=preset is not None and preset.without_customer)
