"""Which remedy of a case a credit note carries out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("credit_note", sa.Column("remedy_id", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_credit_note_remedy_id"), "credit_note", ["remedy_id"])


def downgrade() -> None:
    op.drop_constraint(op.f("uq_credit_note_remedy_id"), "credit_note")
    op.drop_column("credit_note", "remedy_id")
