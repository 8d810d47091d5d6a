"""A page of the timeline reads its own rows alone: those of a name through an index of theirs, and of
what is missing only what lies beyond what is known to be complete."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ORDER = ["occurred_at", "source", "sequence", "event_id"]


def upgrade() -> None:
    op.create_table(
        "timeline_reach",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("complete_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "source", name=op.f("pk_timeline_reach")),
    )
    op.execute(
        "INSERT INTO timeline_reach (account_id, source, complete_to) "
        "SELECT account_id, source, max(sequence) FROM timeline_entry WHERE sequence > 0 "
        "GROUP BY account_id, source HAVING count(DISTINCT sequence) = max(sequence)"
    )
    op.create_index("ix_timeline_entry_by_name", "timeline_entry", ["account_id", "name", *ORDER])


def downgrade() -> None:
    op.drop_index("ix_timeline_entry_by_name", "timeline_entry")
    op.drop_table("timeline_reach")
