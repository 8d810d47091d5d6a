"""Goods: who pays for accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("parent_id", "payer_id"):
        op.add_column("account", sa.Column(name, sa.Text(), nullable=True))
    op.execute("UPDATE account SET version = version - 1")  # introduced anew, with who pays


def downgrade() -> None:
    for name in ("payer_id", "parent_id"):
        op.drop_column("account", name)
