"""Which module reads which kind of file beside the orders; all of them answer to the same calls."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.jobs.schemas import JobServices
from app.purchases.files.prepare import Prepared
from app.purchases.import_schemas import CheckReport, FilePreview, Mapping
from app.purchases.models import FileTable, ImportRun
from app.purchases.other.small_table import TableSpec
from app.purchases.store import OrdersStore


class TableHandler(Protocol):
    """What a module offers for its kind of file."""

    SPEC: TableSpec

    def preview(self, path: Path, mapping: Mapping) -> FilePreview:
        """Return what is recognised in a file."""

    def check(self, services: JobServices, run: ImportRun, progress: Callable[[int], None]) -> Prepared:
        """Read the whole upload, write what was made of it beside it, return the report."""

    def settle_prepared(self, store: OrdersStore, folder: Path, public_id: str) -> None:
        """Move what `check` wrote to its final names; may run again after a crash."""

    def recount(self, services: JobServices, run: ImportRun) -> CheckReport:
        """Return the report again against what the store holds now; the files are settled."""


def handler(table: FileTable) -> TableHandler:
    """Return the module of a kind of file; loaded where it works."""
    from app.purchases.catalogue import events_file, products_file, subscriptions_file
    from app.purchases.other import members
    from app.purchases.scoring import survey_file

    found: dict[FileTable, TableHandler] = {
        FileTable.MEMBERS: members,
        FileTable.PRODUCTS: products_file,
        FileTable.SUBSCRIPTIONS: subscriptions_file,
        FileTable.EVENTS: events_file,
        FileTable.SURVEYS: survey_file,
    }
    return found[table]
