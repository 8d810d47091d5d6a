"""Which order line a line of a remedy is of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("remedy_line", sa.Column("order_line_id", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("remedy_line", "order_line_id")
