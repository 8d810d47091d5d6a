"""Accounts that a daily job could not decide about, and why a run left theirs out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parked_account",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "job", "account_id", name=op.f("pk_parked_account")),
    )
    op.create_index(
        op.f("ix_parked_account_account_id"), "parked_account", ["account_id"], unique=False
    )
    op.add_column("dunning_skip", sa.Column("detail", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("dunning_skip", "detail")
    op.drop_table("parked_account")
