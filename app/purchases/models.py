"""Tables of purchases in the app store; the orders themselves lie in Parquet files beside it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.types import JsonDict, JsonType, UtcDateTime, new_public_id, value_enum


class ImportState(StrEnum):
    """Where an import stands. `done` is the manifest: only those files count."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class FileTable(StrEnum):
    """What the rows of an uploaded file are."""

    ORDERS = "orders"
    MEMBERS = "members"
    PRODUCTS = "products"
    SUBSCRIPTIONS = "subscriptions"
    EVENTS = "events"
    SURVEYS = "surveys"


class ImportRun(SQLModel, table=True):
    """One order file on its way in, and, once done, one line of the manifest.

    `phase` says what its work is at (empty while it waits for its turn), since `phase_started_at`. An import of corrected
    rows names in `corrects` the import that held them back, and in `corrected_lines` their lines in that file. `moved` says
    how people moved when it was taken, after an undo how they went back (`movement.kept`).
    """

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    source: str = Field(max_length=64, index=True)
    file_name: str = Field(max_length=255)
    size_bytes: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    table: FileTable = Field(
        default=FileTable.ORDERS,
        sa_column=Column("file_table", value_enum(FileTable), nullable=False, server_default="orders"),
    )
    state: ImportState = Field(sa_column=Column(value_enum(ImportState), nullable=False, index=True))
    mapping: JsonDict = Field(default_factory=dict, sa_column=Column(JsonType, nullable=False))
    report: JsonDict = Field(default_factory=dict, sa_column=Column(JsonType, nullable=False))
    progress_done: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    progress_total: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    phase: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})
    phase_started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    corrects: str = Field(default="", max_length=16, index=True, sa_column_kwargs={"server_default": ""})
    corrected_lines: list[int] = Field(
        default_factory=list, sa_column=Column(JsonType, nullable=False, server_default="[]")
    )
    moved: JsonDict = Field(default_factory=dict, sa_column=Column(JsonType, nullable=False, server_default="{}"))
    cancel_requested: bool = Field(default=False)
    error_message: str = Field(default="", max_length=500)
    error_params: JsonDict = Field(default_factory=dict, sa_column=Column(JsonType, nullable=False))
    created_by: int | None = Field(default=None)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    undone_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class Source(SQLModel, table=True):
    """A shop or mall whose files come in again and again: its mapping for orders and, by kind, for other files is remembered."""

    __tablename__ = "purchase_source"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=64)
    mapping: JsonDict = Field(default_factory=dict, sa_column=Column(JsonType, nullable=False))
    other_mappings: JsonDict = Field(
        default_factory=dict, sa_column=Column(JsonType, nullable=False, server_default="{}")
    )
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class PurchaseSettings(SQLModel, table=True):
    """One row: which built summary is the current one and which was before it, the as-of date if somebody set it, the products.

    `segments` holds the numbers behind classes and ranks that differ from the file (`segments_file`).
    """

    __tablename__ = "purchase_settings"

    id: int = Field(default=1, primary_key=True)
    summary_version: str = Field(default="", max_length=32)
    summary_version_before: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    as_of_override: date | None = Field(default=None)
    products_edited_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    products_built_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    segments: JsonDict = Field(default_factory=dict, sa_column=Column(JsonType, nullable=False, server_default="{}"))


class Person(SQLModel, table=True):
    """A customer picked for a study; outlives an undo because `public_id` is derived, not given."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("source", "customer_id", name="uq_person_source_customer_id"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=16)
    source: str = Field(max_length=64)
    customer_id: str = Field(max_length=255)
    code_name: str | None = Field(default=None, unique=True, max_length=40)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
