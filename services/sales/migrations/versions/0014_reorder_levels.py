"""When products are to be ordered anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reorder_level",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("reorder_at", sa.Numeric(13, 3), nullable=False),
        sa.Column("order_quantity", sa.Numeric(13, 3), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("reorder_at >= 0", name=op.f("ck_reorder_level_reorder_at")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.product_id"], name=op.f("fk_reorder_level_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_reorder_level")),
    )


def downgrade() -> None:
    op.drop_table("reorder_level")
