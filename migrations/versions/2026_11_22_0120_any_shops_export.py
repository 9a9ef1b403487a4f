"""any shop's export: other tables than orders, one person under two keys, products, events."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("orders", "members", "products", "subscriptions", "events")
MERGE_REASONS = ("mail", "phone_name", "phone_kana", "name_address", "name_postal_code", "by_hand")
PRODUCT_KINDS = ("trial", "single", "subscription")
EVENT_KINDS = (
    "price_change", "renewal", "campaign", "line_sent", "mail_sent", "dm_sent", "catalogue_sent", "insert_sent", "inquiry",
    "complaint",
)  # fmt: skip


def upgrade() -> None:
    kinds = sa.Enum(*TABLES, name="filetable_value", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file_table", kinds, server_default="orders", nullable=False))
        batch_op.add_column(sa.Column("phase", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("phase_started_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("corrects", sa.String(length=16), server_default="", nullable=False))
        batch_op.add_column(sa.Column("corrected_lines", sa.JSON(), server_default="[]", nullable=False))
        batch_op.create_index(batch_op.f("ix_import_run_corrects"), ["corrects"], unique=False)
    with op.batch_alter_table("purchase_source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("other_mappings", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attribute_quotas", sa.JSON(), server_default="[]", nullable=False))
    _catalogue_tables()
    _people_tables()


def _catalogue_tables() -> None:
    kinds = sa.Enum(*PRODUCT_KINDS, name="productkind_value", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("product_code", sa.String(length=255), nullable=False),
        sa.Column("product_name", sa.String(length=500), nullable=False),
        sa.Column("family", sa.String(length=120), nullable=False),
        sa.Column("kind", kinds, nullable=True),
        sa.Column("days_per_unit", sa.Integer(), nullable=True),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("source", "product_code", "product_name", name="uq_product_key"),
    )
    op.create_table(
        "product_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("proposal", sa.String(length=32), nullable=False),
        sa.Column("family", sa.String(length=120), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_merge")),
        sa.UniqueConstraint("public_id", name=op.f("uq_product_merge_public_id")),
    )
    op.create_index(op.f("ix_product_merge_proposal"), "product_merge", ["proposal"], unique=False)
    _event_table()
    with op.batch_alter_table("purchase_settings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("products_edited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("products_built_at", sa.DateTime(timezone=True), nullable=True))


def _event_table() -> None:
    kinds = sa.Enum(*EVENT_KINDS, name="eventkind_value", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "purchase_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=255), nullable=False),
        sa.Column("product", sa.String(length=255), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_purchase_event_public_id")),
    )
    op.create_index(op.f("ix_purchase_event_customer_id"), "purchase_event", ["customer_id"], unique=False)
    op.create_index(op.f("ix_purchase_event_happened_on"), "purchase_event", ["happened_on"], unique=False)


def _people_tables() -> None:
    verdicts = sa.Enum("merged", "declined", name="verdict_value", native_enum=False, create_constraint=True, length=32)
    reasons = sa.Enum(*MERGE_REASONS, name="mergereason_value", native_enum=False, create_constraint=True, length=32)
    strengths = ("strong", "check", "weak")
    sure = sa.Enum(*strengths, name="strength_value", native_enum=False, create_constraint=True, length=32)
    in_force = sa.text("verdict = 'merged' AND undone_at IS NULL")
    op.create_table(
        "merge_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=255), nullable=False),
        sa.Column("to_source", sa.String(length=64), nullable=False),
        sa.Column("to_customer_id", sa.String(length=255), nullable=False),
        sa.Column("verdict", verdicts, nullable=False),
        sa.Column("reason", reasons, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_merge_decision_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["user_account.id"], name=op.f("fk_merge_decision_undone_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_merge_decision_public_id")),
    )
    op.create_index(
        "uq_merge_decision_in_force",
        "merge_decision",
        ["source", "customer_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
    op.create_table(
        "merge_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=255), nullable=False),
        sa.Column("other_source", sa.String(length=64), nullable=False),
        sa.Column("other_customer_id", sa.String(length=255), nullable=False),
        sa.Column("strength", sure, nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("names_differ", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_suggestion")),
        sa.UniqueConstraint("version", "public_id", name=op.f("uq_merge_suggestion_version_public_id")),
    )
    op.create_index("ix_merge_suggestion_key", "merge_suggestion", ["source", "customer_id"], unique=False)
    op.create_index(
        "ix_merge_suggestion_other", "merge_suggestion", ["other_source", "other_customer_id"], unique=False
    )
    op.create_index("ix_merge_suggestion_place", "merge_suggestion", ["version", "place"], unique=False)
    op.create_table(
        "people_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("merges_built", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_state")),
    )


def downgrade() -> None:
    op.drop_table("people_state")
    op.drop_table("merge_suggestion")
    op.drop_table("merge_decision")
    with op.batch_alter_table("purchase_settings", schema=None) as batch_op:
        batch_op.drop_column("products_built_at")
        batch_op.drop_column("products_edited_at")
    op.drop_table("purchase_event")
    op.drop_table("product_merge")
    op.drop_table("product")
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.drop_column("attribute_quotas")
    with op.batch_alter_table("purchase_source", schema=None) as batch_op:
        batch_op.drop_column("other_mappings")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_corrects"))
        batch_op.drop_column("corrected_lines")
        batch_op.drop_column("corrects")
        batch_op.drop_column("phase_started_at")
        batch_op.drop_column("phase")
        batch_op.drop_constraint(batch_op.f("ck_import_run_filetable_value"), type_="check")
        batch_op.drop_column("file_table")
