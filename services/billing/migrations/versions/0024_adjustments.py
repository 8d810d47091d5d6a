"""What is owed and given up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

AMOUNTS = ("amount", "net", "tax", "fee", "interest")


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("adjustment_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("write_off_id", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in AMOUNTS),
        sa.Column("adjusted_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("reversed_by", sa.Text(), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversal_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "net + tax + fee + interest = amount AND amount > 0",
            name=op.f("ck_adjustment_amount"),
        ),
        sa.UniqueConstraint("write_off_id", name=op.f("uq_adjustment_write_off_id")),
    )
    op.add_column("allocation", sa.Column("adjustment_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_allocation_adjustment_id"),
        "allocation",
        "adjustment",
        ["adjustment_id"],
        ["adjustment_id"],
    )
    op.create_index(op.f("ix_allocation_adjustment_id"), "allocation", ["adjustment_id"])
    _of_one("payment_id, credit_note_id, adjustment_id")
    op.add_column(
        "invoice", sa.Column("written_off", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_invoice_written_off"), "invoice", "written_off BETWEEN 0 AND total - balance"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_invoice_written_off"), "invoice")
    op.drop_column("invoice", "written_off")
    _of_one("payment_id, credit_note_id")
    op.drop_column("allocation", "adjustment_id")
    op.drop_table("adjustment")


def _of_one(keys: str) -> None:
    op.drop_constraint(op.f("ck_allocation_of_one"), "allocation")
    op.create_check_constraint(
        op.f("ck_allocation_of_one"), "allocation", f"num_nonnulls({keys}) = 1"
    )
