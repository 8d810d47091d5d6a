"""How long returns are waited for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

DAYS = ("request_days", "send_days", "transit_days", "answer_days")


def upgrade() -> None:
    op.create_table(
        "return_setting",
        sa.Column("version", sa.BigInteger(), nullable=False),
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in DAYS],
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_return_setting")),
    )


def downgrade() -> None:
    op.drop_table("return_setting")
