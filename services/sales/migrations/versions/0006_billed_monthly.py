"""Shipments that are billed with others, and orders that are billed apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "order",
        sa.Column("is_billed_apart", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "billed_shipment",
        sa.Column("invoice_id", sa.Text(), nullable=False),
        sa.Column("shipment_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("invoice_id", "shipment_id", name=op.f("pk_billed_shipment")),
    )
    op.create_index(op.f("ix_billed_shipment_shipment_id"), "billed_shipment", ["shipment_id"])


def downgrade() -> None:
    op.drop_table("billed_shipment")
    op.drop_column("order", "is_billed_apart")
