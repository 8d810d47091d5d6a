"""What clients call orders that were amended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_number",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("client_order_number", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_number")),
    )
    op.create_index(op.f("ix_order_number_account_id"), "order_number", ["account_id"])


def downgrade() -> None:
    op.drop_table("order_number")
