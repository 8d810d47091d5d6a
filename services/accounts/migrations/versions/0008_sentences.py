"""Reasons on worklists in the words of who announced them: whom to speak to, how, and not before when."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "sentence": sa.Text(),
    "roles": postgresql.ARRAY(sa.Text()),
    "channel": sa.Text(),
    "earliest_at": sa.DateTime(timezone=True),
    "earliest_on": sa.Date(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("worklist_reason", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("worklist_reason", name)
