"""any shop's export: other tables than orders, one person under two keys, products, events."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("orders", "members", "products", "subscriptions", "events")


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


def downgrade() -> None:
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
