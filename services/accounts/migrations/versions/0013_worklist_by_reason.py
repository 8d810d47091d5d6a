"""The worklist by reason: outcomes and snoozing of each, when its cause ended, weights as data. What
accounts found itself is told as everybody tells it (decision 45)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OUTCOMES = ["reached", "not_reached", "left_message", "will_pay", "disputes", "other"]


def upgrade() -> None:
    op.add_column("worklist_reason", sa.Column("snoozed_until", sa.Date(), nullable=True))
    op.add_column("worklist_reason", sa.Column("snoozed_by", sa.Text(), nullable=True))
    op.add_column("worklist_reason", sa.Column("settled_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_worklist_reason_settled",
        "worklist_reason",
        ["settled_on"],
        postgresql_where=sa.text("NOT is_standing"),
    )
    op.create_table(
        "worklist_outcome",
        sa.Column("worklist_outcome_id", sa.Text(), nullable=False),
        sa.Column("worklist_item_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                *OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_worklist_outcome_account_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["worklist_item_id"],
            ["worklist_item.worklist_item_id"],
            name="fk_worklist_outcome_worklist_item_id_worklist_item",
        ),
        sa.PrimaryKeyConstraint("worklist_outcome_id", name="pk_worklist_outcome"),
    )
    op.create_index("ix_worklist_outcome_account_id", "worklist_outcome", ["account_id"])
    op.create_index(
        "ix_worklist_outcome_worklist_item_id", "worklist_outcome", ["worklist_item_id"]
    )
    op.create_table(
        "reason_weight",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_reason_weight"),
    )
    # What is about nothing is about the account.
    op.execute(
        "UPDATE worklist_reason SET about = account_id WHERE kind = 'onboarding_stuck' AND about = ''"
    )
    # What accounts found itself stood in the worklist alone; now it is told, and counted from here on.
    op.execute(
        """
        INSERT INTO told_reason (account_id, reason, about, version, is_standing, since, sentence,
            amount, currency, roles)
        SELECT account_id, kind, about, 1, is_standing, since_on,
            CASE kind WHEN 'onboarding_stuck'
                THEN 'Onboarding began on ' || since_on || ' and its checklist is not complete.'
                ELSE 'The account is closed with ' || coalesce(detail, 'money left')
                    || '; settle that, or reopen the account.' END,
            amount, currency, '{}'
        FROM worklist_reason WHERE kind IN ('onboarding_stuck', 'closed_unsettled')
        ON CONFLICT DO NOTHING
        """
    )
    op.execute(
        """
        UPDATE worklist_reason SET version = told.version, sentence = told.sentence
        FROM told_reason AS told
        WHERE (told.account_id, told.reason, told.about)
            = (worklist_reason.account_id, worklist_reason.kind, worklist_reason.about)
        """
    )


def downgrade() -> None:
    op.drop_table("reason_weight")
    op.drop_table("worklist_outcome")
    op.drop_index("ix_worklist_reason_settled", table_name="worklist_reason")
    for name in ("settled_on", "snoozed_by", "snoozed_until"):
        op.drop_column("worklist_reason", name)
