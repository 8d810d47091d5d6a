"""What paying late costs is asked for after what is owed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IS_COST = "kind IN ('fee', 'interest', 'letter')"


def upgrade() -> None:
    op.add_column(
        "receivable",
        sa.Column("is_cost", sa.Boolean(), sa.Computed(IS_COST, persisted=True), nullable=False),
    )
    op.add_column(
        "dunning_notice_item",
        sa.Column("is_cost", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("dunning_notice_item", "is_cost")
    op.drop_column("receivable", "is_cost")
