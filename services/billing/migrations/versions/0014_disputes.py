"""What is contested of items, and which dispute a credit note carries out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dispute",
        sa.Column("dispute_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("contested", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint("amount >= 0 AND contested >= 0", name=op.f("ck_dispute_not_negative")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.item_id"], name=op.f("fk_dispute_item_id_item")
        ),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_dispute")),
    )
    for name in ("account_id", "item_id"):
        op.create_index(op.f(f"ix_dispute_{name}"), "dispute", [name])
    op.add_column("credit_note", sa.Column("dispute_id", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_credit_note_dispute_id"), "credit_note", ["dispute_id"])


def downgrade() -> None:
    op.drop_constraint(op.f("uq_credit_note_dispute_id"), "credit_note")
    op.drop_column("credit_note", "dispute_id")
    op.drop_table("dispute")
