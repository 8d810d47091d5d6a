"""What money of an account pays first, and what is less for paying early."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "billing_routine",
        sa.Column("allocation_policy", sa.Text(), server_default="oldest_due", nullable=False),
    )
    op.add_column("payment_terms", sa.Column("discount_percent", sa.Numeric(6, 3), nullable=True))
    op.add_column("payment_terms", sa.Column("discount_days", sa.BigInteger(), nullable=True))
    op.add_column("item", sa.Column("discount_percent", sa.Numeric(6, 3), nullable=True))
    op.add_column("item", sa.Column("discount_until", sa.Date(), nullable=True))
    op.add_column("allocation", sa.Column("with_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_allocation_with_id"), "allocation", "allocation", ["with_id"], ["allocation_id"]
    )
    op.create_index(
        "ix_allocation_with_id",
        "allocation",
        ["with_id"],
        postgresql_where=sa.text("with_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_column("allocation", "with_id")
    op.drop_column("item", "discount_until")
    op.drop_column("item", "discount_percent")
    op.drop_column("payment_terms", "discount_days")
    op.drop_column("payment_terms", "discount_percent")
    op.drop_column("billing_routine", "allocation_policy")
