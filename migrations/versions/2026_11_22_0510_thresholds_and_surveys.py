"""numbers behind classes set in the app, surveys of people whom purchase data does not know, files of survey answers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = ("orders", "members", "products", "subscriptions", "events")
KINDS = (*BEFORE, "surveys")
NAME = "ck_import_run_filetable_value"


def upgrade() -> None:
    with op.batch_alter_table("purchase_settings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("segments", sa.JSON(), server_default="{}", nullable=False))
    op.create_table(
        "layer_survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("aware", sa.Integer(), nullable=False),
        sa.Column("unaware", sa.Integer(), nullable=False),
        sa.Column("aware_wanting", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layer_survey")),
        sa.UniqueConstraint("public_id", name=op.f("uq_layer_survey_public_id")),
    )
    op.create_index(op.f("ix_layer_survey_surveyed_on"), "layer_survey", ["surveyed_on"], unique=False)
    _kinds(KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM import_run WHERE file_table = 'surveys'")
    _kinds(BEFORE)
    op.drop_table("layer_survey")
    with op.batch_alter_table("purchase_settings", schema=None) as batch_op:
        batch_op.drop_column("segments")


def _kinds(kinds: Sequence[str]) -> None:
    allowed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), f"file_table IN ({allowed})")
