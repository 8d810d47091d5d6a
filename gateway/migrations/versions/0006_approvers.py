"""Leads and directors approve billing runs, where nobody has said anew what they may do."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Only roles that are as they were from the beginning: what an admin has decided stays.
GIVE = """
    UPDATE role_grant SET version = version + 1, changed_at = now(), scopes = ARRAY(
        SELECT scope FROM unnest(scopes || ARRAY['billing:approve']) AS known (scope) ORDER BY scope
    )
    WHERE role IN ('lead', 'director') AND changed_by = 'seed'
"""
TAKE = """
    UPDATE role_grant SET version = version + 1, changed_at = now(),
        scopes = array_remove(scopes, 'billing:approve')
    WHERE role IN ('lead', 'director') AND changed_by = 'seed'
"""


def upgrade() -> None:
    op.execute(GIVE)


def downgrade() -> None:
    op.execute(TAKE)
