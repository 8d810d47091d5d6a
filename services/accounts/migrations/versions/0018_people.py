"""Teams, helpers, absences, whose turn it is, and hand-overs account by account."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TEXT, DAY, INSTANT = sa.Text(), sa.Date(), sa.DateTime(timezone=True)


def column(name: str, kind: Any, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)


def status(*values: str, name: str = "status", nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(
        name,
        sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40),
        nullable=nullable,
    )


def upgrade() -> None:
    _make_people()
    _make_hand_overs()


def downgrade() -> None:
    for table in ("hand_over_account", "hand_over", "turn", "absence", "role_look"):
        op.drop_table(table)
    for table in ("sharing", "team_member", "team"):
        op.drop_table(table)


def _make_people() -> None:
    op.create_table(
        "team",
        column("team_id", TEXT),
        column("version", sa.BigInteger()),
        column("name", TEXT),
        column("closed_on", DAY, nullable=True),
        sa.PrimaryKeyConstraint("team_id", name="pk_team"),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "team_member",
        column("membership_id", TEXT),
        column("version", sa.BigInteger()),
        column("team_id", TEXT),
        column("staff_id", TEXT),
        column("from_on", DAY),
        column("until_on", DAY, nullable=True),
        status("planned", "standing", "ended"),
        sa.CheckConstraint("until_on >= from_on", name="until_after_from"),
        sa.ForeignKeyConstraint(["team_id"], ["team.team_id"], name="fk_team_member_team_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"], name="fk_team_member_staff_id"),
        sa.PrimaryKeyConstraint("membership_id", name="pk_team_member"),
    )
    op.create_index("ix_team_member_team_id", "team_member", ["team_id"])
    op.create_index("ix_team_member_staff_id", "team_member", ["staff_id"])
    op.create_table(
        "sharing",
        column("sharing_id", TEXT),
        column("version", sa.BigInteger()),
        column("account_id", TEXT),
        column("staff_id", TEXT, nullable=True),
        column("team_id", TEXT, nullable=True),
        column("name", TEXT),
        column("purpose", TEXT),
        column("from_on", DAY),
        column("until_on", DAY, nullable=True),
        status("planned", "standing", "ended"),
        column("needs_look", sa.Boolean()),
        column("to_look_at", sa.BigInteger()),
        column("to_look_at_since", DAY, nullable=True),
        column("looked_at_by", TEXT, nullable=True),
        column("looked_at", INSTANT, nullable=True),
        column("agreed_by", TEXT),
        column("agreed_at", INSTANT),
        sa.CheckConstraint("(staff_id IS NULL) <> (team_id IS NULL)", name="helper_or_team"),
        sa.CheckConstraint("until_on >= from_on", name="until_after_from"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_sharing_account_id"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"], name="fk_sharing_staff_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.team_id"], name="fk_sharing_team_id"),
        sa.PrimaryKeyConstraint("sharing_id", name="pk_sharing"),
    )
    for name in ("account_id", "staff_id", "team_id"):
        op.create_index(f"ix_sharing_{name}", "sharing", [name])
    op.create_index(
        "uq_sharing_team",
        "sharing",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("team_id IS NOT NULL AND status <> 'ended'"),
    )
    roles = ("assistant", "account_manager", "lead", "director", "vice_president")
    look = op.create_table(
        "role_look",
        status(*roles, name="role"),
        column("needs_look", sa.Boolean()),
        sa.PrimaryKeyConstraint("role", name="pk_role_look"),
    )
    op.bulk_insert(look, [{"role": one, "needs_look": one == "assistant"} for one in roles])
    op.create_table(
        "absence",
        column("absence_id", TEXT),
        column("version", sa.BigInteger()),
        column("staff_id", TEXT),
        column("delegate_id", TEXT),
        column("from_on", DAY),
        column("until_on", DAY),
        column("reason", TEXT),
        status("see", "act", name="may"),
        status("planned", "away", "ended", "cancelled"),
        column("planned_by", TEXT),
        column("planned_at", INSTANT),
        sa.CheckConstraint("until_on >= from_on", name="until_after_from"),
        sa.CheckConstraint("delegate_id <> staff_id", name="delegate_is_another"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.staff_id"], name="fk_absence_staff_id"),
        sa.ForeignKeyConstraint(["delegate_id"], ["staff.staff_id"], name="fk_absence_delegate_id"),
        sa.PrimaryKeyConstraint("absence_id", name="pk_absence"),
    )
    for name in ("staff_id", "delegate_id", "status"):
        op.create_index(f"ix_absence_{name}", "absence", [name])
    op.create_table(
        "turn",
        column("pool_id", TEXT),
        column("staff_id", TEXT),
        column("last_turn", sa.BigInteger()),
        sa.PrimaryKeyConstraint("pool_id", "staff_id", name="pk_turn"),
    )


def _make_hand_overs() -> None:
    actions = ("pack", "offer", "accept", "return", "complete", "cancel", "retry")
    op.create_table(
        "hand_over",
        column("hand_over_id", TEXT),
        column("version", sa.BigInteger()),
        column("from_id", TEXT),
        column("to_id", TEXT),
        column("reason", TEXT),
        column("by_on", sa.Date()),
        status("drafted", "packed", "offered", "completed", "cancelled"),
        status(*actions, name="step", nullable=True),
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
        status(*statuses),
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
