"""Debits: money that we fetch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "debit",
        sa.Column("debit_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payment_id", sa.Text(), nullable=True),
        sa.Column("reversal_id", sa.Text(), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_debit_amount")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.payment_id"], name=op.f("fk_debit_payment_id_payment")
        ),
        sa.ForeignKeyConstraint(
            ["reversal_id"],
            ["payment_reversal.reversal_id"],
            name=op.f("fk_debit_reversal_id_payment_reversal"),
        ),
        sa.PrimaryKeyConstraint("debit_id", name=op.f("pk_debit")),
    )
    for column in ("account_id", "payment_id"):
        op.create_index(op.f(f"ix_debit_{column}"), "debit", [column])
    op.create_table(
        "debit_part",
        sa.Column("debit_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_debit_part_amount")),
        sa.ForeignKeyConstraint(
            ["debit_id"], ["debit.debit_id"], name=op.f("fk_debit_part_debit_id_debit")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.item_id"], name=op.f("fk_debit_part_item_id_item")
        ),
        sa.PrimaryKeyConstraint("debit_id", "position", name=op.f("pk_debit_part")),
    )
    op.create_index(op.f("ix_debit_part_item_id"), "debit_part", ["item_id"])


def downgrade() -> None:
    op.drop_table("debit_part")
    op.drop_table("debit")
