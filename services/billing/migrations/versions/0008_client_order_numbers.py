"""What clients call the orders that invoices are for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoice", sa.Column("client_order_number", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("invoice", "client_order_number")
