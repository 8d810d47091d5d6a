"""What is to be billed in all of orders that are billed on order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_billable",
        sa.Column("order_line_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(13, 3), nullable=False),
        sa.Column("kept", sa.Numeric(13, 3), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order_line_id", name=op.f("pk_order_billable")),
    )
    for name in ("account_id", "order_id"):
        op.create_index(op.f(f"ix_order_billable_{name}"), "order_billable", [name])


def downgrade() -> None:
    op.drop_table("order_billable")
