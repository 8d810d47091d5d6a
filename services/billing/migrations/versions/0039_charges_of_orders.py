"""The orders that charges belong to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("charge", sa.Column("order_id", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("charge", "order_id")
