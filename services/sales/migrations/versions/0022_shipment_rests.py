"""What of its order was still to come as a shipment left. Of those that have left it is what was shipped
later or is open yet: what was cancelled since is not known any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF_BEFORE = """
    INSERT INTO shipment_rest (shipment_id, line_id, quantity, promised_on)
    SELECT shipment_id, line_id, quantity - cancelled - gone, promised_on
    FROM (
        SELECT shipment.shipment_id, line.line_id, line.quantity, line.cancelled, line.promised_on, (
            SELECT coalesce(sum(part.quantity), 0)
            FROM shipment_line AS part JOIN shipment AS earlier USING (shipment_id)
            WHERE part.line_id = line.line_id AND earlier.status IN ('shipped', 'delivered')
                AND (earlier.sent_at, earlier.number) <= (shipment.sent_at, shipment.number)
        ) AS gone
        FROM shipment JOIN order_line AS line USING (order_id)
        WHERE shipment.status IN ('shipped', 'delivered') AND line.quantity > 0
    ) AS told
    WHERE quantity - cancelled > gone
"""


def upgrade() -> None:
    op.create_table(
        "shipment_rest",
        sa.Column("shipment_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=13, scale=3), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_line.line_id"], name=op.f("fk_shipment_rest_line_id_order_line")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shipment.shipment_id"],
            name=op.f("fk_shipment_rest_shipment_id_shipment"),
        ),
        sa.PrimaryKeyConstraint("shipment_id", "line_id", name=op.f("pk_shipment_rest")),
    )
    op.create_index("ix_shipment_rest_line_id", "shipment_rest", ["line_id"])
    op.execute(OF_BEFORE)


def downgrade() -> None:
    op.drop_table("shipment_rest")
