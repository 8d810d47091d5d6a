"""The chassis' tables: outbox, inbox, answers, parked messages, daily jobs, manual clock."""

from __future__ import annotations

from alembic import op

from chassis.store.tables import METADATA

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    METADATA.create_all(op.get_bind())


def downgrade() -> None:
    METADATA.drop_all(op.get_bind())
