"""What the rows of a file may be instead of what they are taken for, by its headers."""

from app.purchases.files.mapping import presets
from app.purchases.files.mapping.mapping_file import proposal
from app.purchases.import_schemas import Mapping
from app.purchases.models import FileTable
from app.purchases.other.handlers import handler
from app.purchases.other.small_table import missing, propose

# faults of a check that tell of a file of another kind, and those that such a file may bring about
LACKING = frozenset({"column_unmapped", "column_missing"})
WRONG_KIND = LACKING | {"all_held_back"}


def likeliest(headers: tuple[str, ...], table: FileTable) -> tuple[tuple[FileTable, bool], ...]:
    """Return the kinds beside `table`, those with most columns here first, and whether each has the columns it needs."""
    found = {other: _found(headers, other) for other in FileTable if other is not table}
    return tuple((other, found[other] > 0) for other in sorted(found, key=lambda other: -found[other]))


def _found(headers: tuple[str, ...], table: FileTable) -> int:
    """Return how many columns of a kind the headers name; 0 where one that must be there is not."""
    if table is FileTable.ORDERS:
        orders = proposal(headers, Mapping())
        return 0 if presets.missing(orders) else len(orders.columns)
    spec = handler(table).SPEC
    columns = propose(headers, spec)
    return 0 if missing(columns, spec) else len(columns)
