"""Sealed answers are found among what was asked under all Idempotency-Keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sealed = sa.text("sealed IS NOT NULL")
    op.create_index("ix_answer_sealed", "answer", ["answered_at"], postgresql_where=is_sealed)


def downgrade() -> None:
    op.drop_index("ix_answer_sealed", "answer")
