"""What is to be billed, and which line of an invoice bills what of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAMED = ("charge_id", "shipment_id", "order_id", "order_line_id", "client_order_number")
OF_LINES: dict[str, sa.types.TypeEngine[Any]] = {
    "billable_id": sa.Text(),
    "service_from": sa.Date(),
    "service_until": sa.Date(),
}


def upgrade() -> None:
    op.create_table(
        "billable",
        sa.Column("billable_id", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in NAMED),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(13, 3), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("tax_percent", sa.Numeric(6, 3), nullable=False),
        sa.Column("service_from", sa.Date(), nullable=True),
        sa.Column("service_until", sa.Date(), nullable=True),
        sa.Column("bill_on", sa.Date(), nullable=False),
        sa.Column("cancelled", sa.Numeric(13, 3), server_default="0", nullable=False),
        sa.Column("billed", sa.Numeric(13, 3), server_default="0", nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN quantity > 0 THEN least(cancelled, billed, quantity - cancelled - billed) >= 0"
            " ELSE quantity < 0 AND greatest(cancelled, billed, quantity - cancelled - billed) <= 0 END",
            name=op.f("ck_billable_parts"),
        ),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_billable_unit_price")),
        sa.CheckConstraint(
            "(service_from IS NULL) = (service_until IS NULL) AND service_from <= service_until",
            name=op.f("ck_billable_service"),
        ),
        sa.UniqueConstraint("key", name=op.f("uq_billable_key")),
    )
    op.create_index(
        op.f("ix_billable_pending"),
        "billable",
        ["account_id", "bill_on"],
        postgresql_where=sa.text("quantity <> cancelled + billed"),
    )
    op.create_index(op.f("ix_billable_account_id"), "billable", ["account_id", "billable_id"])
    for name in ("charge_id", "order_id", "order_line_id"):
        op.create_index(op.f(f"ix_billable_{name}"), "billable", [name])
    for name, kind in OF_LINES.items():
        op.add_column("invoice_line", sa.Column(name, kind, nullable=True))
    op.create_foreign_key(
        op.f("fk_invoice_line_billable_id"),
        "invoice_line",
        "billable",
        ["billable_id"],
        ["billable_id"],
    )


def downgrade() -> None:
    for name in OF_LINES:
        op.drop_column("invoice_line", name)
    op.drop_table("billable")
