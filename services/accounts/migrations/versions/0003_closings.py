"""An account is closed by agreement: the status between, the attempts and what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATUSES = ("prospect", "onboarding", "active", "on_hold", "closed")
_ACTIONS = ("begin_onboarding", "activate", "hold", "release", "close", "reopen")
_ENDS = ("complete_closing", "refuse_closing", "withdraw_closing")


def upgrade() -> None:
    """Let accounts be closing, and keep who was asked and what they said."""
    _allow(statuses=(*_STATUSES, "closing"), actions=(*_ACTIONS, *_ENDS))
    op.add_column("account", sa.Column("closing_objection", sa.Text(), nullable=True))
    op.create_table(
        "closing",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "status", _choice("status", "asked", "closed", "refused", "withdrawn"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_status", _choice("from_status", *_STATUSES, "closing"), nullable=False),
        sa.Column("from_since_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_closing_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "version", name=op.f("pk_closing")),
    )
    op.create_index(
        "uq_closing_asked",
        "closing",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("status = 'asked'"),
    )
    op.create_table(
        "closing_answer",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("is_agreed", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "version"],
            ["closing.account_id", "closing.version"],
            name=op.f("fk_closing_answer_account_id_version"),
        ),
        sa.PrimaryKeyConstraint("account_id", "version", "service", name=op.f("pk_closing_answer")),
    )


def downgrade() -> None:
    """Forget attempts to close; accounts that are closing are where they were before."""
    op.execute(
        "UPDATE account SET status = closing.from_status FROM closing"
        " WHERE closing.account_id = account.account_id AND closing.status = 'asked'"
    )
    op.drop_table("closing_answer")
    op.drop_table("closing")
    op.drop_column("account", "closing_objection")
    op.execute("DELETE FROM account_state WHERE status = 'closing'")
    op.execute("UPDATE account_state SET action = 'close' WHERE action = 'complete_closing'")
    op.execute("DELETE FROM account_state WHERE action IN ('refuse_closing', 'withdraw_closing')")
    _allow(statuses=_STATUSES, actions=_ACTIONS)


def _allow(*, statuses: tuple[str, ...], actions: tuple[str, ...]) -> None:
    for table, column, values in (
        ("account", "status", statuses),
        ("account_state", "status", statuses),
        ("account_state", "action", actions),
    ):
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
        op.create_check_constraint(
            op.f(f"ck_{table}_{column}"), table, sa.column(column).in_(values)
        )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
