"""The file of an item's document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("checklist_item", sa.Column("file_id", sa.Text()))


def downgrade() -> None:
    op.drop_column("checklist_item", "file_id")
