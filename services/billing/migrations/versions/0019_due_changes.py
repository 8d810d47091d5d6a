"""What items were and when they were due before they were rescheduled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "due_change",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("old_due_date", sa.Date(), nullable=True),
        sa.Column("old_amount", sa.BigInteger(), nullable=False),
        sa.Column("new_due_date", sa.Date(), nullable=False),
        sa.Column("new_amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.item_id"], name=op.f("fk_due_change_item_id_item")
        ),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("pk_due_change")),
    )
    for column in ("account_id", "changed_on", "invoice_id", "recorded_at"):
        op.create_index(op.f(f"ix_due_change_{column}"), "due_change", [column])
    op.drop_constraint(op.f("ck_item_balance"), "item", type_="check")
    op.create_check_constraint(op.f("ck_item_balance"), "item", "balance BETWEEN 0 AND amount")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_item_balance"), "item", type_="check")
    op.create_check_constraint(
        op.f("ck_item_balance"), "item", "balance BETWEEN 0 AND amount AND amount > 0"
    )
    op.drop_table("due_change")
