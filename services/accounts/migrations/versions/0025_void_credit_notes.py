"""Which credit notes are void."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_void: sa.Column[bool] = sa.Column(
        "is_void", sa.Boolean(), nullable=False, server_default=sa.text("false")
    )
    op.add_column("billed_credit", is_void)


def downgrade() -> None:
    op.drop_column("billed_credit", "is_void")
