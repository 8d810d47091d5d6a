"""Due times: what is to be done at a moment; since when a manual clock has been on its way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "due_time",
        sa.Column("due_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("trace", sa.Text(), nullable=True),
        sa.Column("tried", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("due_id", name=op.f("pk_due_time")),
        sa.UniqueConstraint("name", "key", name=op.f("uq_due_time_name_key")),
    )
    untried = sa.text("retry_at IS NULL")
    op.create_index("ix_due_time_untried", "due_time", ["at", "due_id"], postgresql_where=untried)
    tried = sa.text("retry_at IS NOT NULL")
    op.create_index("ix_due_time_retried", "due_time", ["retry_at"], postgresql_where=tried)
    op.add_column("clock", sa.Column("since", INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column("clock", "since")
    op.drop_table("due_time")
