"""What is asked of every new client until somebody changes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kernel.ids import new_id

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Name, and whether the document expires.
REQUIREMENTS = (
    ("Signed contract", False),
    ("Tax certificate", True),
    ("Credit check", True),
    ("Payment details", False),
    ("Delivery address", False),
)

requirement = sa.table(
    "onboarding_requirement",
    *map(sa.column, ("onboarding_requirement_id", "name", "needs_expiry", "version")),
)


def upgrade() -> None:
    """Add the requirements."""
    rows = [(new_id("req"), name, needs_expiry, 1) for name, needs_expiry in REQUIREMENTS]
    op.execute(requirement.insert().values(rows))


def downgrade() -> None:
    """Take them away."""
    names = [name for name, _ in REQUIREMENTS]
    op.execute(requirement.delete().where(requirement.c.name.in_(names)))
