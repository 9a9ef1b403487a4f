"""The page of columns: what each may be, an example of its cells, and how people are told apart by them."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from app.core.i18n import N_
from app.purchases.files.mapping.headers import JOIN
from app.purchases.files.values.currencies import CURRENCIES
from app.purchases.import_schemas import FilePreview, Mapping
from app.purchases.models import FileTable
from app.web.imports.fields import (
    DATE_ORDERS,
    ENCODINGS,
    TABLES,
    TAXES,
    ZONES,
    MapGroup,
    groups_of,
    labels_of,
)

SHOWN_ROWS = 5
EXAMPLE = 24
LEFT_OUT = "drop:"  # how a member file's mapping names what is not kept
KEY_KINDS: tuple[tuple[str, str], ...] = (
    ("id", N_("Customer number")),
    ("mail", N_("Mail address")),
    ("phone", N_("Phone number and name")),
    ("", N_("Nobody knows who")),
)
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ColumnsView:
    """Everything the form of columns shows; texts are msgids, headers and examples are the file's own."""

    preview: FilePreview
    mapping: Mapping
    rows: tuple[tuple[str, ...], ...]
    used: Map[str, str]
    labels: Map[str, str]
    common: tuple[MapGroup, ...]
    rare: tuple[MapGroup, ...]
    rare_found: int
    headers: Choices
    examples: Map[str, str]
    keys: tuple[tuple[str, int], ...]
    looked_at: int
    encoding_name: str
    currencies: Choices
    zones: Choices
    sheets: Choices
    encodings: Choices = ENCODINGS
    date_orders: Choices = DATE_ORDERS
    taxes: Choices = TAXES
    tables: Choices = field(default_factory=lambda: tuple((name, label) for name, label, _ in TABLES))

    @property
    def is_workbook(self) -> bool:
        """Return whether the file is an Excel workbook, which has no encoding to choose."""
        return bool(self.preview.sheets)

    def label_of(self, header: str) -> str:
        """Return what a column is taken as: the label of its field, its own name as an attribute, or nothing."""
        name = self.used.get(header, "")
        kind, _, own = name.partition(":")
        return self.labels.get(name, own if kind == "attribute" else "")

    @property
    def unused(self) -> int:
        """Return how many columns of the file no field takes."""
        return sum(header not in self.used for header in self.preview.headers)


def columns_view(preview: FilePreview, table: FileTable, mapping: Mapping | None = None) -> ColumnsView:
    """Return the form of columns for a preview; `mapping` is what a person typed, if it could not be used."""
    used = mapping or preview.mapping
    groups = groups_of(table)
    examples = examples_of(preview)
    return ColumnsView(
        preview=preview,
        mapping=used,
        rows=preview.rows[:SHOWN_ROWS],
        used={
            part: name
            for name, header in used.columns.items()
            if not name.startswith(LEFT_OUT)
            for part in parts(header, preview.headers)
        },
        labels=labels_of(table),
        common=tuple(group for group in groups if not group.rare),
        rare=tuple(group for group in groups if group.rare),
        rare_found=sum(item.name in used.columns for group in groups if group.rare for item in group.fields),
        headers=header_choices(preview.headers, used, examples),
        examples={name: joined_example(header, preview.headers, examples) for name, header in used.columns.items()},
        keys=key_counts(preview, used) if table is FileTable.ORDERS else (),
        looked_at=len(preview.rows),
        encoding_name=dict(ENCODINGS).get(preview.encoding, preview.encoding.upper()),
        currencies=_with_own(((code, code) for code in CURRENCIES), used.currency),
        zones=_with_own(ZONES, used.time_zone),
        sheets=tuple((name, name) for name in preview.sheets),
    )


def parts(header: str, headers: Sequence[str]) -> list[str]:
    """Return the columns of the file that a mapped header stands for: 姓 + 名 are two."""
    return [header] if header in headers else header.split(JOIN)


def examples_of(preview: FilePreview) -> dict[str, str]:
    """Return the first cell that is not empty, by header."""
    found: dict[str, str] = {}
    for row in preview.rows:
        for header, cell in zip(preview.headers, row, strict=False):
            if header not in found and cell.strip():
                found[header] = shorten(cell)
    return found


def shorten(cell: str) -> str:
    """Return a cell on one line, at most 24 characters."""
    text = " ".join(cell.split())
    return text if len(text) <= EXAMPLE else text[: EXAMPLE - 1] + "…"


def joined_example(header: str, headers: Sequence[str], examples: Map[str, str]) -> str:
    """Return the example of a mapped header."""
    return " ".join(examples[part] for part in parts(header, headers) if part in examples)


def header_choices(headers: Sequence[str], mapping: Mapping, examples: Map[str, str]) -> Choices:
    """Return every column as a choice with its example, joined ones of the mapping first: a form must not lose them."""
    joined = [header for header in mapping.columns.values() if header not in headers]
    named = [*dict.fromkeys(joined), *headers]
    shown = ((header, joined_example(header, headers, examples)) for header in named)
    return tuple((header, f"{header} — {example}" if example else header) for header, example in shown)


def key_counts(preview: FilePreview, mapping: Mapping) -> tuple[tuple[str, int], ...]:
    """Return how many of the rows looked at are told apart by each kind of key, in the order of the rule."""
    counts = dict.fromkeys((kind for kind, _ in KEY_KINDS), 0)
    place = {header: number for number, header in enumerate(preview.headers)}
    for row in preview.rows:
        cells = {
            name: "".join(
                row[place[part]] for part in parts(header, preview.headers) if place.get(part, len(row)) < len(row)
            )
            for name, header in mapping.columns.items()
        }
        counts[_kind(cells)] += 1
    return tuple((label, counts[kind]) for kind, label in KEY_KINDS)


def _kind(cells: Map[str, str]) -> str:
    number = cells.get("customer_key", "").strip()
    if number:
        return "mail" if "@" in number else "id"
    if cells.get("email", "").strip():
        return "mail"
    return "phone" if cells.get("phone", "").strip() and cells.get("customer_name", "").strip() else ""


def _with_own(choices: Iterable[tuple[str, str]], own: str) -> Choices:
    known = tuple(choices)
    return known if own in dict(known) else (*known, (own, own))
