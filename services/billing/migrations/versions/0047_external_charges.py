"""What senders call their charges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("charge", sa.Column("external_id", sa.Text(), nullable=True))
    op.add_column("charge", sa.Column("external_digest", sa.Text(), nullable=True))
    op.create_index(
        "uq_charge_external_id",
        "charge",
        ["account_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_charge_external_id", table_name="charge")
    op.drop_column("charge", "external_digest")
    op.drop_column("charge", "external_id")
