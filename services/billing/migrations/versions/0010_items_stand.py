"""What of an item is contested, on its way, or given up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("disputed_total", "in_flight_total", "written_off"):
        op.add_column("item", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.create_check_constraint(
        op.f("ck_item_written_off"), "item", "written_off BETWEEN 0 AND amount - balance"
    )
    op.create_check_constraint(
        op.f("ck_item_not_negative"), "item", "disputed_total >= 0 AND in_flight_total >= 0"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_item_not_negative"), "item")
    op.drop_constraint(op.f("ck_item_written_off"), "item")
    for name in ("written_off", "in_flight_total", "disputed_total"):
        op.drop_column("item", name)
