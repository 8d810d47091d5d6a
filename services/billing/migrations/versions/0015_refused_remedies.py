"""Remedies that could not be credited, so that each is answered once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_remedy",
        sa.Column("remedy_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("remedy_id", name=op.f("pk_refused_remedy")),
    )
    op.create_index(op.f("ix_refused_remedy_account_id"), "refused_remedy", ["account_id"])


def downgrade() -> None:
    op.drop_table("refused_remedy")
