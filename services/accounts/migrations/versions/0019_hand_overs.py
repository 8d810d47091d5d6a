"""Hand-overs, account by account."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None

TEXT, INSTANT = sa.Text(), sa.DateTime(timezone=True)


def column(name: str, kind: Any, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)


def choice(name: str, *values: str, nullable: bool = False) -> sa.Column[Any]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    actions = ("pack", "offer", "accept", "return", "complete", "cancel", "retry")
    op.create_table(
        "hand_over",
        column("hand_over_id", TEXT),
        column("version", sa.BigInteger()),
        column("from_id", TEXT),
        column("to_id", TEXT),
        column("reason", TEXT),
        column("by_on", sa.Date()),
        choice("status", "drafted", "packed", "offered", "completed", "cancelled"),
        choice("step", *actions, nullable=True),
        column("step_by", TEXT, nullable=True),
        column("step_missing", TEXT, nullable=True),
        column("drafted_by", TEXT),
        column("drafted_at", INSTANT),
        sa.CheckConstraint("from_id <> to_id", name="to_another"),
        sa.ForeignKeyConstraint(["from_id"], ["staff.staff_id"], name="fk_hand_over_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["staff.staff_id"], name="fk_hand_over_to_id"),
        sa.PrimaryKeyConstraint("hand_over_id", name="pk_hand_over"),
    )
    for name in ("from_id", "to_id"):
        op.create_index(f"ix_hand_over_{name}", "hand_over", [name])
    statuses = ("drafted", "packed", "offered", "accepted", "returned", "cancelled", "parked")
    op.create_table(
        "hand_over_account",
        column("hand_over_id", TEXT),
        column("account_id", TEXT),
        choice("status", *statuses),
        column("pack", TEXT, nullable=True),
        column("sha256", TEXT, nullable=True),
        column("packed_at", INSTANT, nullable=True),
        column("sharing_id", TEXT, nullable=True),
        column("owner_id", TEXT, nullable=True),
        column("missing", TEXT, nullable=True),
        column("parked_reason", TEXT, nullable=True),
        column("moved_by", TEXT),
        column("moved_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["hand_over_id"],
            ["hand_over.hand_over_id"],
            name="fk_hand_over_account_hand_over_id",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_hand_over_account_account_id"
        ),
        sa.PrimaryKeyConstraint("hand_over_id", "account_id", name="pk_hand_over_account"),
    )
    op.create_index(
        "uq_hand_over_account_waiting",
        "hand_over_account",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('drafted', 'packed', 'offered')"),
    )
    op.create_index(
        "ix_hand_over_account_status",
        "hand_over_account",
        ["hand_over_id", "status", "account_id"],
    )


def downgrade() -> None:
    op.drop_table("hand_over_account")
    op.drop_table("hand_over")
