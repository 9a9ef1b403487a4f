"""the build before the one in use, frozen segments that are still being filled, the rule a study began with."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = (
    ("purchase_settings", "summary_version_before", sa.String(length=32), ""),
    ("segment", "ready", sa.Boolean(), sa.true()),
    ("study", "people_rule", sa.Text(), ""),
)


def upgrade() -> None:
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, server_default=default, nullable=False))


def downgrade() -> None:
    for table, name, _, _ in reversed(COLUMNS):
        op.drop_column(table, name)
