"""What is asked of every new client until somebody changes it."""

from __future__ import annotations

import os
import time

import sqlalchemy as sa
from alembic import op

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
    rows = [(_new_id(), name, needs_expiry, 1) for name, needs_expiry in REQUIREMENTS]
    op.execute(requirement.insert().values(rows))


def downgrade() -> None:
    """Take them away."""
    names = [name for name, _ in REQUIREMENTS]
    op.execute(requirement.delete().where(requirement.c.name.in_(names)))


def _new_id() -> str:
    """As the kernel made ids at the time: a UUIDv7 in Crockford's base 32."""
    random = int.from_bytes(os.urandom(10), "big")
    value = (time.time_ns() // 1_000_000 << 80) | (0x7 << 76) | (0b10 << 62)
    value |= ((random >> 68) & 0xFFF) << 64 | (random & ((1 << 62) - 1))
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    return "req_" + "".join(digits[value >> shift & 31] for shift in range(125, -1, -5))
