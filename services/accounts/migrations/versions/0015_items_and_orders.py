"""Copies of billing's items and of sales' orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_item",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=False),
        sa.Column("invoice_number", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("disputed", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_account_item"),
    )
    op.create_index(
        "ix_account_item_open",
        "account_item",
        ["account_id", "due_date"],
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "account_order",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total_gross", sa.BigInteger(), nullable=True),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name="pk_account_order"),
    )
    op.create_index(
        "ix_account_order_running",
        "account_order",
        ["account_id", "number"],
        postgresql_where=sa.text("NOT is_ended"),
    )


def downgrade() -> None:
    op.drop_table("account_order")
    op.drop_table("account_item")
