"""Stage × value of an attribute, counted in people."""

from collections.abc import Sequence

from app.boards.many.coarse import Shown
from app.boards.many.study_table import HeardPerson, unasked
from app.boards.study_schemas import AttributeCell, AttributeColumn, AttributeRow, AttributeTable
from app.language.codebook import STAGES, Stage
from app.purchases.other.attribute_words import value_order

MOST_COLUMNS = 12


def attribute_table(people: Sequence[HeardPerson], name: str, shown: Shown) -> AttributeTable:
    """Return one row for each stage and one column for each value, hidden and unknown ones last."""
    known = sorted({value for value in shown.values.values() if value}, key=lambda one: value_order(shown.level, one))
    there = set(shown.values.values())
    values: list[str | None] = [*known[:MOST_COLUMNS]]
    values += [value for value in (None, "") if value in there]
    groups = [[person for person in people if shown.values.get(person.person_id, "") == value] for value in values]
    columns = tuple(AttributeColumn(value, len(group)) for value, group in zip(values, groups, strict=True))
    rows = tuple(AttributeRow(stage, tuple(_cell(stage, group) for group in groups)) for stage in STAGES)
    return AttributeTable(name, shown.level, columns, rows, left_out=len(known[MOST_COLUMNS:]))


def _cell(stage: Stage, group: Sequence[HeardPerson]) -> AttributeCell:
    said = sum(any(quote.stage is stage for quote in person.quotes) for person in group)
    return AttributeCell(said, len(group), sum(unasked(stage, person) for person in group))
