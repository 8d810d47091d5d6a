"""What credit notes take off that was to be taken off a bill."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("credit_note_line", sa.Column("billable_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_credit_note_line_billable_id"),
        "credit_note_line",
        "billable",
        ["billable_id"],
        ["billable_id"],
    )


def downgrade() -> None:
    op.drop_column("credit_note_line", "billable_id")
