"""What else is known of clients: who gets their invoices, when they are there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _of_account():
        op.add_column("account", column)


def downgrade() -> None:
    for column in reversed(_of_account()):
        op.drop_column("account", column.name)


def _of_account() -> list[sa.Column]:
    return [
        sa.Column("order_number_required", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column(
            "invoice_recipients",
            postgresql.ARRAY(sa.String(40)),
            nullable=False,
            server_default=sa.text("'{}'"),
        ),
        sa.Column("opening_hours", postgresql.JSONB(), nullable=True),
    ]
