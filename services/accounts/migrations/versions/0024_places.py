"""Indexes from which alone places on worklists are read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

OWNER = ("ix_account_owner_id", "account", ["owner_id"])
OPEN = ("uq_worklist_item_open", "worklist_item", ["account_id"])
IS_OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    for name, table, _ in (OWNER, OPEN):
        op.drop_index(name, table)
    op.create_index(*OWNER, postgresql_include=["account_id", "tier"])
    kept = ["snoozed_until", "opened_on"]
    op.create_index(*OPEN, unique=True, postgresql_include=kept, postgresql_where=IS_OPEN)
    op.create_index(
        "ix_worklist_item_closed_at",
        "worklist_item",
        ["closed_at"],
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_worklist_reason_standing",
        "worklist_reason",
        ["account_id"],
        postgresql_include=[
            *("kind", "since_on", "currency", "amount"),
            *("rests_until", "earliest_on", "snoozed_until"),
        ],
        postgresql_where=sa.text("is_standing"),
    )


def downgrade() -> None:
    op.drop_index("ix_worklist_reason_standing", "worklist_reason")
    op.drop_index("ix_worklist_item_closed_at", "worklist_item")
    for name, table, _ in (OWNER, OPEN):
        op.drop_index(name, table)
    op.create_index(*OPEN, unique=True, postgresql_where=IS_OPEN)
    op.create_index(*OWNER)
