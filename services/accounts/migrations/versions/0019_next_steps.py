"""What is to be done next is planned with the outcome of a worklist's reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

FOREIGN_KEY = "fk_worklist_outcome_next_activity_id_activity"


def upgrade() -> None:
    op.add_column("worklist_outcome", sa.Column("next_activity_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        FOREIGN_KEY, "worklist_outcome", "activity", ["next_activity_id"], ["activity_id"]
    )


def downgrade() -> None:
    op.drop_constraint(FOREIGN_KEY, "worklist_outcome")
    op.drop_column("worklist_outcome", "next_activity_id")
