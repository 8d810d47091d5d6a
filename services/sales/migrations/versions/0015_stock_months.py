"""What moves come to by month, so that what is on hand on any day is told at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_month",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("place_id", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(16, 3), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.product_id"], name=op.f("fk_stock_month_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", "month", "place_id", name=op.f("pk_stock_month")),
    )
    op.execute(
        """
        INSERT INTO stock_month (product_id, month, place_id, quantity, value)
        SELECT product_id, CAST(date_trunc('month', moved_on) AS date), coalesce(place_id, ''),
            sum(quantity), sum(value)
        FROM stock_move WHERE status = 'done' GROUP BY 1, 2, 3
        """
    )
    op.create_index(
        "ix_stock_move_done_at",
        "stock_move",
        ["product_id", "done_at"],
        postgresql_include=["moved_on", "quantity", "value", "place_id"],
        postgresql_where=sa.text("done_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_stock_move_done_at", "stock_move")
    op.drop_table("stock_month")
