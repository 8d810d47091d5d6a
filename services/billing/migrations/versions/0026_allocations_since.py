"""Allocations that took effect, or were recorded, since a day: those of reports of the past."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_allocation_since"),
        "allocation",
        ["effective_on", "recorded_at"],
        postgresql_using="brin",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_allocation_since"), "allocation")
