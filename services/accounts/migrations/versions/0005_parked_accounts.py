"""Accounts whose worklist the daily review could not keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parked_account",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "account_id", name=op.f("pk_parked_account")),
    )
    op.create_index(
        op.f("ix_parked_account_account_id"), "parked_account", ["account_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("parked_account")
