"""Whose deed an entry of the timeline is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ORDER = ["occurred_at", "source", "sequence", "event_id"]


def upgrade() -> None:
    op.add_column("timeline_entry", sa.Column("person", sa.Text(), nullable=True))
    op.execute(
        """
        UPDATE timeline_entry SET person = (
            SELECT value #>> '{}' FROM jsonb_each(data)
            WHERE key LIKE '%\\_by' AND value #>> '{}' ~ '^(stf|key)_' LIMIT 1)
        WHERE data::text LIKE '%\\_by"%'
        """
    )
    op.create_index(
        "ix_timeline_entry_by_person",
        "timeline_entry",
        ["account_id", "person", *ORDER],
        postgresql_where=sa.text("person IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_timeline_entry_by_person", table_name="timeline_entry")
    op.drop_column("timeline_entry", "person")
