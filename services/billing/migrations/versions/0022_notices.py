"""Which letters about items are on their way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dunning_notice",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("item_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_dunning_notice")),
    )
    op.create_index(op.f("ix_dunning_notice_account_id"), "dunning_notice", ["account_id"])
    op.create_index(
        "ix_dunning_notice_items",
        "dunning_notice",
        ["item_ids"],
        postgresql_using="gin",
        postgresql_where=sa.text("NOT is_ended"),
    )


def downgrade() -> None:
    op.drop_table("dunning_notice")
