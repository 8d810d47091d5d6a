"""Who sent a parked message and why it was parked; events that no queue takes, and who let them go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parked", sa.Column("sender", sa.Text()))
    op.add_column("parked", sa.Column("why", sa.Text(), server_default="failed", nullable=False))
    op.add_column("outbox", sa.Column("held_at", sa.DateTime(timezone=True)))
    op.add_column("outbox", sa.Column("released_by", sa.Text()))
    op.add_column("outbox", sa.Column("released_reason", sa.Text()))
    op.drop_index("ix_outbox_unpublished", "outbox")
    new = sa.text("published_at IS NULL AND held_at IS NULL")
    op.create_index("ix_outbox_new", "outbox", ["id"], postgresql_where=new)
    held = sa.text("published_at IS NULL AND held_at IS NOT NULL")
    op.create_index("ix_outbox_held", "outbox", ["held_at", "id"], postgresql_where=held)


def downgrade() -> None:
    op.drop_index("ix_outbox_held", "outbox")
    op.drop_index("ix_outbox_new", "outbox")
    unpublished = sa.text("published_at IS NULL")
    op.create_index("ix_outbox_unpublished", "outbox", ["id"], postgresql_where=unpublished)
    for column in ("released_reason", "released_by", "held_at"):
        op.drop_column("outbox", column)
    for column in ("why", "sender"):
        op.drop_column("parked", column)
