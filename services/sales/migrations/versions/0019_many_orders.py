"""What other systems call orders, once in an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("external_id", "external_digest"):
        op.add_column("order", sa.Column(name, sa.Text()))
    op.create_index(
        "uq_order_external_id",
        "order",
        ["account_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_order_external_id", "order")
    for name in ("external_digest", "external_id"):
        op.drop_column("order", name)
