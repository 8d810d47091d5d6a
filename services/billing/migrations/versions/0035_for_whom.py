"""For whom documents are that somebody else pays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("invoice", "credit_note"):
        op.add_column(table, sa.Column("for_account_id", sa.Text(), nullable=True))
    op.create_index(
        op.f("ix_invoice_for_account_id"),
        "invoice",
        ["for_account_id"],
        postgresql_where=sa.text("for_account_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_invoice_for_account_id"), "invoice")
    for table in ("credit_note", "invoice"):
        op.drop_column(table, "for_account_id")
