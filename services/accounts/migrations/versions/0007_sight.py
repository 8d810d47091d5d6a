"""Who sees which accounts, from what is known here; from now on it is kept with every change."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO staff_tree (staff_id, reports_to_id, is_active, version) "
        "SELECT staff_id, reports_to_id, left_on IS NULL, version FROM staff"
    )
    op.execute(
        "INSERT INTO account_sight (account_id, given_by, staff_id, version) "
        "SELECT account_id, 'owner', owner_id, version FROM account"
    )


def downgrade() -> None:
    op.execute("DELETE FROM account_sight")
    op.execute("DELETE FROM staff_tree")
