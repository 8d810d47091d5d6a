"""Events are about any subject, not accounts alone, and have a sentence that their producer wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("outbox", "account_id", new_column_name="subject")
    op.add_column("outbox", sa.Column("sentence", sa.Text(), server_default="", nullable=False))
    op.alter_column("account_sequence", "account_id", new_column_name="subject")
    op.rename_table("account_sequence", "subject_sequence")
    op.execute("ALTER INDEX pk_account_sequence RENAME TO pk_subject_sequence")


def downgrade() -> None:
    op.execute("ALTER INDEX pk_subject_sequence RENAME TO pk_account_sequence")
    op.rename_table("subject_sequence", "account_sequence")
    op.alter_column("account_sequence", "subject", new_column_name="account_id")
    op.drop_column("outbox", "sentence")
    op.alter_column("outbox", "subject", new_column_name="account_id")
