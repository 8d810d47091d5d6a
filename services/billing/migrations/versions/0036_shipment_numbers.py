"""The numbers of shipments, as they stand on bills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shipped_line", sa.Column("shipment_number", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("shipped_line", "shipment_number")
