"""Refunds with crediting, chargebacks, what the bank charges, receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("refund", sa.Column("crediting_note_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_refund_crediting_note_id"),
        "refund",
        "credit_note",
        ["crediting_note_id"],
        ["credit_note_id"],
    )
    op.add_column(
        "payment_reversal",
        sa.Column("kind", sa.Text(), server_default="reversal", nullable=False),
    )
    op.add_column("debit", sa.Column("fee_invoice_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_debit_fee_invoice_id"), "debit", "invoice", ["fee_invoice_id"], ["invoice_id"]
    )


def downgrade() -> None:
    op.drop_column("debit", "fee_invoice_id")
    op.drop_column("payment_reversal", "kind")
    op.drop_column("refund", "crediting_note_id")
