"""What senders call their payments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment", sa.Column("external_id", sa.Text(), nullable=True))
    op.add_column("payment", sa.Column("external_digest", sa.Text(), nullable=True))
    op.create_index(
        "uq_payment_external_id",
        "payment",
        ["account_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_payment_external_id", table_name="payment")
    op.drop_column("payment", "external_digest")
    op.drop_column("payment", "external_id")
