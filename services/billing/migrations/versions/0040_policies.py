"""What money of an account pays first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "billing_routine",
        sa.Column("allocation_policy", sa.Text(), server_default="oldest_due", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("billing_routine", "allocation_policy")
