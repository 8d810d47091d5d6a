"""What of an open item is disputed, on its way, or given up, and of which kind it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = sa.Column("kind", sa.Text(), server_default="invoice", nullable=False)
    op.add_column("receivable", kind)
    for name in ("disputed", "in_flight", "written_off"):
        column = sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        op.add_column("receivable", column)


def downgrade() -> None:
    for name in ("written_off", "in_flight", "disputed", "kind"):
        op.drop_column("receivable", name)
