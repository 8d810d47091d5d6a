"""Goods: who pays for accounts, how they are billed, what was shipped, what came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

QUANTITY = sa.Numeric(13, 3)


def upgrade() -> None:
    for name in ("parent_id", "payer_id"):
        op.add_column("account", sa.Column(name, sa.Text(), nullable=True))
    op.execute("UPDATE account SET version = version - 1")  # introduced anew, with who pays
    bills = sa.Column("bills", sa.Text(), server_default="per_shipment", nullable=False)
    op.add_column("billing_routine", bills)
    op.add_column("invoice_line", sa.Column("shipment_id", sa.Text(), nullable=True))
    op.create_table(
        "shipped_line",
        sa.Column("shipment_id", sa.Text(), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("order_id", sa.Text(), nullable=False, index=True),
        sa.Column("order_line_id", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table in ("shipped_line", "invoice_line"):
        _index(table, "order_line_id")
    op.execute(
        """
        INSERT INTO shipped_line (shipment_id, position, account_id, order_id, order_line_id,
            description, quantity, unit_price, recorded_at)
        SELECT invoice.shipment_id, position, account_id, order_id, order_line_id,
            description, quantity, unit_price, recorded_at
        FROM invoice JOIN invoice_line USING (invoice_id)
        WHERE invoice.shipment_id IS NOT NULL AND order_id IS NOT NULL AND advance_id IS NULL
        """
    )
    op.create_table(
        "accepted_return",
        sa.Column("return_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("order_id", sa.Text(), nullable=False, index=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "returned_line",
        sa.Column(
            "return_id", sa.Text(), sa.ForeignKey("accepted_return.return_id"), primary_key=True
        ),
        sa.Column("order_line_id", sa.Text(), primary_key=True),
        sa.Column("quantity", QUANTITY, nullable=False),
    )
    op.create_table(
        "deposit",
        sa.Column("deposit_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("order_id", sa.Text(), nullable=False, index=True),
        sa.Column("invoice_id", sa.Text(), sa.ForeignKey("invoice.invoice_id"), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(invoice_id IS NULL) = (code IS NOT NULL AND reason IS NOT NULL)",
            name=op.f("ck_deposit_answer"),
        ),
    )
    op.drop_index("uq_credit_note_return_id", "credit_note")
    op.create_index(
        "uq_credit_note_return_id",
        "credit_note",
        ["return_id", "invoice_id"],
        unique=True,
        postgresql_where=sa.text("voided_on IS NULL AND return_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_index("uq_credit_note_return_id", "credit_note")
    op.create_index(
        "uq_credit_note_return_id",
        "credit_note",
        ["return_id"],
        unique=True,
        postgresql_where=sa.text("voided_on IS NULL"),
    )
    op.drop_table("deposit")
    op.drop_table("returned_line")
    op.drop_table("accepted_return")
    op.drop_index("ix_invoice_line_order_line_id", "invoice_line")
    op.drop_table("shipped_line")
    op.drop_column("invoice_line", "shipment_id")
    op.drop_column("billing_routine", "bills")
    for name in ("payer_id", "parent_id"):
        op.drop_column("account", name)


def _index(table: str, column: str) -> None:
    op.create_index(
        op.f(f"ix_{table}_{column}"),
        table,
        [column],
        postgresql_where=sa.text(f"{column} IS NOT NULL"),
    )
