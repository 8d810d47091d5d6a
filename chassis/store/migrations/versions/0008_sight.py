"""Who sees which accounts: the tree of staff, who stands in for whom, who owns an account or helps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STANDING = sa.text("is_standing")


def upgrade() -> None:
    op.create_table(
        "staff_tree",
        sa.Column("staff_id", sa.Text, nullable=False),
        sa.Column("reports_to_id", sa.Text),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_staff_tree"),
    )
    op.create_index("ix_staff_tree_reports_to_id", "staff_tree", ["reports_to_id"])
    op.create_table(
        "stand_in_sight",
        sa.Column("absence_id", sa.Text, nullable=False),
        sa.Column("staff_id", sa.Text, nullable=False),
        sa.Column("away_id", sa.Text, nullable=False),
        sa.Column("is_standing", sa.Boolean, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("absence_id", name="pk_stand_in_sight"),
    )
    op.create_index(
        "ix_stand_in_sight_staff_id", "stand_in_sight", ["staff_id"], postgresql_where=STANDING
    )
    op.create_table(
        "account_sight",
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("staff_id", sa.Text, nullable=False),
        sa.Column("is_standing", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "given_by", name="pk_account_sight"),
    )
    op.create_index(
        "ix_account_sight_staff_id",
        "account_sight",
        ["staff_id", "account_id"],
        postgresql_where=STANDING,
    )


def downgrade() -> None:
    for table in ("account_sight", "stand_in_sight", "staff_tree"):
        op.drop_table(table)
