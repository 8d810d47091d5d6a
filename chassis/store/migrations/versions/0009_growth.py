"""Tables that grow are vacuumed after a fiftieth of their rows has changed, not a fifth: of years, a
fifth is months of rows that are gone and still in the indexes."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("outbox", "inbox", "answers")
PARTS = "autovacuum_vacuum_scale_factor"


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} SET ({PARTS} = 0.02)")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} RESET ({PARTS})")
