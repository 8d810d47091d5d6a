"""Reasons are told to somebody besides the account's owner."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add whom else a reason is for: nobody, of those that were told until now."""
    for table in ("told_reason", "worklist_reason"):
        op.add_column(table, sa.Column("to_staff_id", sa.Text(), nullable=True))
    op.create_index(
        "ix_worklist_reason_to_staff_id",
        "worklist_reason",
        ["to_staff_id"],
        postgresql_where=sa.text("is_standing"),
    )


def downgrade() -> None:
    op.drop_index("ix_worklist_reason_to_staff_id", "worklist_reason")
    for table in ("worklist_reason", "told_reason"):
        op.drop_column(table, "to_staff_id")
