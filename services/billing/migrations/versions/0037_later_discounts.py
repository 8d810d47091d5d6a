"""What is less for paying early, in stages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("item", "payment_terms"):
        op.add_column(table, sa.Column("later_discounts", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    for table in ("payment_terms", "item"):
        op.drop_column(table, "later_discounts")
