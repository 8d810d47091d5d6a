"""Orders remember the credit limit they were agreed under; a lower one may stop them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is agreed counts as agreed under the limit of today."""
    op.add_column("order", sa.Column("agreed_limit", sa.BigInteger(), nullable=True))
    op.execute(
        """
        UPDATE "order" SET agreed_limit =
            CASE WHEN "order".currency = account.currency THEN account.credit_limit ELSE 0 END
        FROM account
        WHERE account.account_id = "order".account_id
            AND account.credit_limit IS NOT NULL AND "order".confirmed_at IS NOT NULL
        """
    )
    op.create_table(
        "order_stop",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order.order_id"], name=op.f("fk_order_stop_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "count", name=op.f("pk_order_stop")),
    )
    op.create_index(op.f("ix_order_stop_account_id"), "order_stop", ["account_id"], unique=False)
    op.create_index(
        "uq_order_stop_standing",
        "order_stop",
        ["account_id", "order_id"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )


def downgrade() -> None:
    """Forget stops, and which limit orders were agreed under."""
    op.drop_table("order_stop")
    op.drop_column("order", "agreed_limit")
