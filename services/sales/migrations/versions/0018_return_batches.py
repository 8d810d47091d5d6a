"""Returns are known again by what another system calls them, and count their steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COUNT = """
    UPDATE "return" SET steps = counted.steps
    FROM (SELECT return_id, count(*) AS steps FROM return_step GROUP BY return_id) AS counted
    WHERE counted.return_id = "return".return_id
"""


def upgrade() -> None:
    op.add_column("return", sa.Column("external_id", sa.Text()))
    op.create_index(
        "uq_return_external_id",
        "return",
        ["account_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    zero = sa.text("0")
    op.add_column(
        "return", sa.Column("steps", sa.BigInteger(), server_default=zero, nullable=False)
    )
    op.execute(COUNT)
    op.alter_column("return", "steps", server_default=None)


def downgrade() -> None:
    op.drop_index("uq_return_external_id", "return")
    for name in ("steps", "external_id"):
        op.drop_column("return", name)
