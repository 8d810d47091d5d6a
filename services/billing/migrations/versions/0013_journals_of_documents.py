"""What a document did to the ledger is found by its account and itself."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = "ix_journal_entry_account_id"


def upgrade() -> None:
    op.drop_index(NAME, "journal_entry")
    op.create_index(NAME, "journal_entry", ["account_id", "document_id"])


def downgrade() -> None:
    op.drop_index(NAME, "journal_entry")
    op.create_index(NAME, "journal_entry", ["account_id"])
