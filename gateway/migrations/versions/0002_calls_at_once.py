"""How many calls of a key may be under way at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_key", sa.Column("calls_at_once", sa.Integer))


def downgrade() -> None:
    op.drop_column("api_key", "calls_at_once")
