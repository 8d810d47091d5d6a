"""What the company has its tax rounded by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "company", sa.Column("tax_rounding", sa.Text(), nullable=False, server_default="document")
    )


def downgrade() -> None:
    op.drop_column("company", "tax_rounding")
