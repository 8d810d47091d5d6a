"""What was refunded of a payment that was reversed later is owed: unapplied money below zero."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OWED = "refunded >= 0 AND unapplied >= CASE WHEN reversed_on IS NULL THEN 0 ELSE -refunded END"


def upgrade() -> None:
    _replace("payment", OWED)
    _replace("account_balance", "open >= 0")


def downgrade() -> None:
    _replace("payment", "unapplied >= 0 AND refunded >= 0")
    _replace("account_balance", "open >= 0 AND unapplied >= 0")


def _replace(table: str, condition: str) -> None:
    name = op.f(f"ck_{table}_not_negative")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, condition)
