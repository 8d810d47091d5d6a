"""Orders and shipments in the order of their numbers, as people read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CREATE_NATURAL_ORDER = (
    "CREATE COLLATION IF NOT EXISTS natural_order (provider = icu, locale = 'und-u-kn-true')"
)
NATURAL = sa.Text(collation="natural_order")


def upgrade() -> None:
    op.execute(CREATE_NATURAL_ORDER)
    for table in ("order", "shipment"):
        op.alter_column(table, "number", type_=NATURAL)
    op.drop_index("ix_order_ordered_on", "order")
    op.create_index("ix_order_ordered_on", "order", ["ordered_on", "number"])


def downgrade() -> None:
    op.drop_index("ix_order_ordered_on", "order")
    op.create_index("ix_order_ordered_on", "order", ["ordered_on", "order_id"])
    for table in ("order", "shipment"):
        op.alter_column(table, "number", type_=sa.Text())
    op.execute("DROP COLLATION natural_order")
