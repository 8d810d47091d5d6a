"""What orders were before they were amended, and which drafts an account has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is agreed is its first version."""
    op.create_table(
        "order_version",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total_net", sa.BigInteger(), nullable=False),
        sa.Column("total_gross", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changes", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_how", sa.Text(), nullable=True),
        sa.Column("acceptance_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acceptance_by", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order.order_id"], name=op.f("fk_order_version_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "revision", name=op.f("pk_order_version")),
    )
    op.create_index(op.f("ix_order_version_account_id"), "order_version", ["account_id"])
    op.execute(
        """
        INSERT INTO order_version
            (order_id, revision, currency, total_net, total_gross, made_at, made_by, account_id)
        SELECT order_id, 1, currency, total_net, total_gross, confirmed_at, confirmed_by, account_id
        FROM "order" WHERE confirmed_at IS NOT NULL
        """
    )
    op.create_index(
        "ix_order_draft", "order", ["account_id"], postgresql_where=sa.text("status = 'draft'")
    )


def downgrade() -> None:
    """Forget what orders were before."""
    op.drop_index("ix_order_draft", "order")
    op.drop_table("order_version")
