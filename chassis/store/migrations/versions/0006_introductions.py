"""What a listener is told of how things are, and how far that has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "introduction",
        sa.Column("introduction_id", sa.Text(), nullable=False),
        sa.Column("listener", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("first", JSONB()),
        sa.Column("last", JSONB()),
        sa.Column("done", JSONB()),
        sa.Column("count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("asked_at", instant, server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", instant),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("introduction_id", name=op.f("pk_introduction")),
    )
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_introduction_open", "introduction", ["introduction_id"], postgresql_where=is_open
    )


def downgrade() -> None:
    op.drop_table("introduction")
