"""What is unapplied on purpose; what else is, found quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("payment", "credit_note"):
        op.add_column(
            table, sa.Column("is_kept", sa.Boolean(), server_default="false", nullable=False)
        )
        op.create_index(
            f"ix_{table}_unapplied",
            table,
            ["account_id", "currency"],
            postgresql_where=sa.text("unapplied > 0"),
        )


def downgrade() -> None:
    for table in ("credit_note", "payment"):
        op.drop_index(f"ix_{table}_unapplied", table_name=table)
        op.drop_column(table, "is_kept")
