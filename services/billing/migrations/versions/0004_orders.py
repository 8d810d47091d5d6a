"""The copy of orders, begun with those that were billed by shipment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KNOWN_BY_SHIPMENT = """
INSERT INTO sales_order (order_id, account_id, version, currency)
SELECT DISTINCT ON (order_id) order_id, account_id, 0, currency
FROM invoice WHERE order_id IS NOT NULL AND shipment_id IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "sales_order",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_sales_order")),
    )
    op.create_index(op.f("ix_sales_order_account_id"), "sales_order", ["account_id"])
    op.execute(KNOWN_BY_SHIPMENT)


def downgrade() -> None:
    op.drop_table("sales_order")
