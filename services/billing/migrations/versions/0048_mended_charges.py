"""Charges whose history has a version that they had not have it, and can be changed again."""

from __future__ import annotations

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        UPDATE charge SET version = told.version
        FROM (SELECT charge_id, max(version) AS version FROM charge_change GROUP BY charge_id) AS told
        WHERE told.charge_id = charge.charge_id AND charge.version < told.version
        """
    )


def downgrade() -> None:
    pass  # nothing is as it was wrongly
