"""What sales asks to be billed of orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A shipment is billed once at a time: again when its invoice is void."""
    op.create_index(
        "ix_invoice_shipment_id",
        "invoice",
        ["shipment_id"],
        postgresql_where=sa.text("shipment_id IS NOT NULL"),
    )
    op.create_index(
        "uq_invoice_billed_shipment",
        "invoice",
        ["shipment_id"],
        unique=True,
        postgresql_where=sa.text("voided_on IS NULL"),
    )
    op.drop_constraint(op.f("uq_invoice_shipment_id"), "invoice")
    op.create_table(
        "order_bill",
        sa.Column("bill_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bill_id", name=op.f("pk_order_bill")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.invoice_id"], name=op.f("fk_order_bill_invoice_id")
        ),
        sa.CheckConstraint(
            "(invoice_id IS NULL) = (code IS NOT NULL AND reason IS NOT NULL)",
            name=op.f("ck_order_bill_answer"),
        ),
    )
    for name in ("account_id", "order_id"):
        op.create_index(op.f(f"ix_order_bill_{name}"), "order_bill", [name])


def downgrade() -> None:
    op.drop_table("order_bill")
    op.create_unique_constraint(op.f("uq_invoice_shipment_id"), "invoice", ["shipment_id"])
    for name in ("uq_invoice_billed_shipment", "ix_invoice_shipment_id"):
        op.drop_index(name, "invoice")
