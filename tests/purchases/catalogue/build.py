"""Small files of products, subscriptions and events, taken in by the same road as on the screens."""

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.purchases import operations, queries, tasks
from app.purchases.import_schemas import CheckReport, HeldBack
from app.purchases.models import FileTable, ImportState
from app.purchases.schemas import Timeline
from tests.purchases.build import NOW, Shop

PRODUCTS, SUBSCRIPTIONS, EVENTS = FileTable.PRODUCTS, FileTable.SUBSCRIPTIONS, FileTable.EVENTS


def check(shop: Shop, table: FileTable, data: str, *, source: str = "shop") -> tuple[str, tuple[HeldBack, ...]]:
    """Bring a file as far as its check report."""
    folder = shop.parts.settings.uploads_dir
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"incoming-{len(list(folder.iterdir()))}"
    path.write_text(data, encoding="utf-8")
    with write_session(shop.parts.engine) as session:
        run = operations.start_import(
            session, shop.store, actor=COMMAND_LINE, source=source, file_name="table.csv", path=path, now=NOW,
            table=table,
        )  # fmt: skip
        public_id = run.public_id
        proposed = operations.inspect(shop.store, run).mapping
        if proposed.columns:
            run.mapping = proposed.model_dump(mode="json")
        operations.request_check(session, run=run)
    return public_id, tasks.run_check(shop.parts, public_id)


def take(shop: Shop, table: FileTable, data: str, *, source: str = "shop") -> str:
    """Take a whole file in."""
    public_id, _ = check(shop, table, data, source=source)
    shop.confirm(public_id)
    tasks.run_import(shop.parts, public_id)
    assert shop.run(public_id).state is ImportState.DONE, shop.run(public_id).error_message
    return public_id


def counts(report: CheckReport) -> tuple[int, int, int, int, int]:
    """Return rows read, new, known, changed, held back."""
    return (report.rows_read, report.taken, report.known, report.changed, report.held_back_rows)


def timeline(shop: Shop, customer: str = "c1", *, source: str = "shop") -> Timeline:
    """Return a customer's timeline."""
    with read_session(shop.parts.engine) as session:
        return queries.timeline(session, shop.store, source=source, customer_id=customer)


def happened(shop: Shop, customer: str = "c1") -> list[tuple[str, str, str]]:
    """Return (kind, day, reason) of everything beside the orders."""
    return [(event.kind, str(event.happened_on), event.reason) for event in timeline(shop, customer).events]
