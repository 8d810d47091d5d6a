"""Refunds with crediting, chargebacks, what the bank charges, receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
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
    op.create_table(
        "receipt",
        sa.Column("payment_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.payment_id"], name=op.f("fk_receipt_payment_id")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_receipt_number")),
    )


def downgrade() -> None:
    op.drop_table("receipt")
    op.drop_column("debit", "fee_invoice_id")
    op.drop_column("payment_reversal", "kind")
    op.drop_column("refund", "crediting_note_id")
