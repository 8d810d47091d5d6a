"""The copy of orders says which are ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_ended: sa.Column[bool] = sa.Column(
        "is_ended", sa.Boolean(), nullable=False, server_default=sa.text("false")
    )
    op.add_column("sales_order", is_ended)


def downgrade() -> None:
    op.drop_column("sales_order", "is_ended")
