"""Small order files and the parts to take them in with."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from app.accounts.schemas import COMMAND_LINE
from app.core.database import read_session, write_session
from app.core.settings import Settings
from app.jobs.schemas import JobServices
from app.purchases import operations, queries, tasks
from app.purchases.files.mapping.mapping_file import make_mapping
from app.purchases.import_schemas import CheckReport, HeldBack
from app.purchases.models import ImportRun, ImportState
from app.purchases.schemas import CustomerSummary
from app.purchases.store import OrdersStore

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HEADERS = ("注文番号", "顧客ID", "注文日", "商品コード", "商品名", "数量", "単価", "対応状況")


@dataclass(frozen=True)
class Shop:
    """One installation under test."""

    parts: JobServices

    @property
    def store(self) -> OrdersStore:
        store: OrdersStore = self.parts.orders
        return store

    def upload(self, data: bytes, *, source: str = "shop", name: str = "orders.csv") -> str:
        folder = self.parts.settings.uploads_dir
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"incoming-{len(list(folder.iterdir()))}"
        path.write_bytes(data)
        with write_session(self.parts.engine) as session:
            return operations.start_import(
                session, self.store, actor=COMMAND_LINE, source=source, file_name=name, path=path, now=NOW
            ).public_id

    def check(
        self,
        data: bytes | str,
        *,
        source: str = "shop",
        columns: dict[str, str] | None = None,
        options: dict[str, object] | None = None,
    ) -> tuple[str, tuple[HeldBack, ...]]:
        public_id = self.upload(data.encode() if isinstance(data, str) else data, source=source)
        with write_session(self.parts.engine) as session:
            run = queries.get_import(session, public_id)
            if columns is not None or options is not None:
                operations.set_mapping(session, run=run, mapping=make_mapping(columns or {}, options or {}))
            operations.request_check(session, run=run)
        return public_id, tasks.run_check(self.parts, public_id)

    def confirm(self, public_id: str) -> None:
        with write_session(self.parts.engine) as session:
            operations.confirm(session, run=queries.get_import(session, public_id))

    def take(
        self,
        data: bytes | str,
        *,
        source: str = "shop",
        columns: dict[str, str] | None = None,
        options: dict[str, object] | None = None,
    ) -> str:
        public_id, _ = self.check(data, source=source, columns=columns, options=options)
        self.confirm(public_id)
        tasks.run_import(self.parts, public_id)
        assert self.run(public_id).state is ImportState.DONE
        return public_id

    def undo(self, public_id: str) -> None:
        with write_session(self.parts.engine) as session:
            operations.request_undo(session, run=queries.get_import(session, public_id), actor=COMMAND_LINE, now=NOW)
        tasks.run_undo(self.parts, public_id)

    def run(self, public_id: str) -> ImportRun:
        with read_session(self.parts.engine) as session:
            run = queries.get_import(session, public_id)
            session.expunge(run)
        return run

    def report(self, public_id: str) -> CheckReport:
        report = queries.import_detail(self.run(public_id)).report
        assert report is not None, self.run(public_id).error_message
        return report

    def people(self) -> dict[str, CustomerSummary]:
        with read_session(self.parts.engine) as session:
            return {person.customer_id: person for person in queries.summaries(session, self.store)}


def make_shop(settings: Settings, engine: Engine) -> Shop:
    parts = JobServices(
        settings=settings, engine=engine, clock=lambda: NOW, orders=OrdersStore(settings), language=None
    )
    return Shop(parts)


def row(
    *, order: str = "1", customer: str = "c1", day: str = "2026-01-01", code: str = "A", name: str = "美容液",
    quantity: object = 1, price: object = 1000, status: str = "発送済み",
) -> tuple[str, ...]:  # fmt: skip
    return (order, customer, day, code, name, str(quantity), str(price), status)


def text_of(*rows: tuple[str, ...], headers: tuple[str, ...] = HEADERS) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue()


def reference(settings: Settings, *parts: str) -> Path | None:
    folder = settings.reference_data
    path = folder.joinpath(*parts) if folder else None
    return path if path and path.exists() else None
