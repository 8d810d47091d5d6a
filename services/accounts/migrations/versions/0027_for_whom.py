"""For whom documents are that somebody else pays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("billed_invoice", "billed_credit"):
        op.add_column(table, sa.Column("for_account_id", sa.Text(), nullable=True))
        op.create_index(
            op.f(f"ix_{table}_for_account_id"),
            table,
            ["for_account_id"],
            postgresql_where=sa.text("for_account_id IS NOT NULL"),
        )


def downgrade() -> None:
    for table in ("billed_credit", "billed_invoice"):
        op.drop_index(op.f(f"ix_{table}_for_account_id"), table)
        op.drop_column(table, "for_account_id")
