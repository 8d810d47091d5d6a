"""What is contested of items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
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


def downgrade() -> None:
    op.drop_table("dispute")
