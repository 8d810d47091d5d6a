"""Accounts are in the order of their names' letters, whatever the order of the database: then one index
serves this order and the beginnings of names. Numbers are found however they are written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE account ALTER COLUMN name_key TYPE text COLLATE "C"')
    op.create_index("ix_account_number_lower", "account", [sa.text("lower(number)")])


def downgrade() -> None:
    op.drop_index("ix_account_number_lower", table_name="account")
    op.execute('ALTER TABLE account ALTER COLUMN name_key TYPE text COLLATE "default"')
