"""Tables of products and events in the app store; what files bring lies in Parquet files beside the orders."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.types import JsonType, UtcDateTime, new_public_id, value_enum


class ProductKind(StrEnum):
    """How a product is sold."""

    TRIAL = "trial"
    SINGLE = "single"
    SUBSCRIPTION = "subscription"


class EventKind(StrEnum):
    """What can happen beside orders: to everybody, to a product, or to one customer."""

    PRICE_CHANGE = "price_change"
    RENEWAL = "renewal"
    CAMPAIGN = "campaign"
    LINE_SENT = "line_sent"
    MAIL_SENT = "mail_sent"
    DM_SENT = "dm_sent"
    CATALOGUE_SENT = "catalogue_sent"
    INSERT_SENT = "insert_sent"
    INQUIRY = "inquiry"
    COMPLAINT = "complaint"


class Product(SQLModel, table=True):
    """What a person set for one product of a source; an empty value leaves the word to the product files.

    A product is known by its code; `product_name` is filled only for products that the shop sells without a code.
    """

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("source", "product_code", "product_name", name="uq_product_key"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=64)
    product_code: str = Field(default="", max_length=255)
    product_name: str = Field(default="", max_length=500)
    family: str = Field(default="", max_length=120)
    kind: ProductKind | None = Field(default=None, sa_column=Column(value_enum(ProductKind), nullable=True))
    days_per_unit: int | None = Field(default=None)
    aliases: list[str] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    updated_by: int | None = Field(default=None)


class ProductMerge(SQLModel, table=True):
    """A person's answer to a proposal that products belong together; `before` is what accepting it replaced."""

    __tablename__ = "product_merge"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    proposal: str = Field(max_length=32, index=True)
    family: str = Field(max_length=120)
    accepted: bool
    members: list[list[str]] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    before: list[dict[str, object]] = Field(default_factory=list, sa_column=Column(JsonType, nullable=False))
    decided_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decided_by: int | None = Field(default=None)


class ShopEvent(SQLModel, table=True):
    """Something a person noted: for everybody, for a product, or (source and customer id) for one customer."""

    __tablename__ = "purchase_event"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=16)
    happened_on: date = Field(index=True)
    kind: EventKind = Field(sa_column=Column(value_enum(EventKind), nullable=False))
    source: str = Field(default="", max_length=64)
    customer_id: str = Field(default="", max_length=255, index=True)
    product: str = Field(default="", max_length=255)
    note: str = Field(default="", max_length=2000)
    created_by: int | None = Field(default=None)
    updated_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    deleted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
