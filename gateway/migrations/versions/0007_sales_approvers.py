"""Leads and directors override the credit check and set what it looks at, where nobody has said anew what
they may do."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Only roles that are as they were from the beginning: what an admin has decided stays.
GIVE = """
    UPDATE role_grant SET version = version + 1, changed_at = now(), scopes = ARRAY(
        SELECT scope FROM unnest(scopes || ARRAY['sales:approve']) AS known (scope) ORDER BY scope
    )
    WHERE role IN ('lead', 'director') AND changed_by = 'seed'
"""
TAKE = """
    UPDATE role_grant SET version = version + 1, changed_at = now(),
        scopes = array_remove(scopes, 'sales:approve')
    WHERE role IN ('lead', 'director') AND changed_by = 'seed'
"""


def upgrade() -> None:
    op.execute(GIVE)


def downgrade() -> None:
    op.execute(TAKE)
