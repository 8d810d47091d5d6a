"""What other systems call cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_reference",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("reference_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.case_id"], name=op.f("fk_case_reference_case_id_case")
        ),
        sa.PrimaryKeyConstraint("system", "reference_id", name=op.f("pk_case_reference")),
    )
    op.create_index(op.f("ix_case_reference_case_id"), "case_reference", ["case_id"])


def downgrade() -> None:
    op.drop_table("case_reference")
