"""A parked message says which account it is about."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE parked ADD COLUMN IF NOT EXISTS account_id text")


def downgrade() -> None:
    op.drop_column("parked", "account_id")
