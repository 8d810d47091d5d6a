"""First slice: staff, accounts, onboarding, contacts, timeline, worklist."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.execute("CREATE SEQUENCE account_number")
    op.create_table(
        "account_balance",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("unapplied", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "currency", name=op.f("pk_account_balance")),
    )
    op.create_table(
        "onboarding_requirement",
        sa.Column("onboarding_requirement_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("needs_expiry", sa.Boolean(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "onboarding_requirement_id", name=op.f("pk_onboarding_requirement")
        ),
    )
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "assistant",
                "account_manager",
                "lead",
                "director",
                "vice_president",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reports_to_id", sa.Text(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reports_to_id"], ["staff.staff_id"], name=op.f("fk_staff_reports_to_id")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_index(op.f("ix_staff_reports_to_id"), "staff", ["reports_to_id"], unique=False)
    op.create_table(
        "timeline_entry",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_timeline_entry")),
    )
    op.create_index(
        "ix_timeline_entry_in_order",
        "timeline_entry",
        ["account_id", "occurred_at", "source", "sequence", "event_id"],
        unique=False,
    )
    op.create_index(
        "ix_timeline_entry_numbered",
        "timeline_entry",
        ["account_id", "source", "sequence"],
        unique=False,
    )
    op.create_table(
        "account",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "prospect",
                "onboarding",
                "active",
                "on_hold",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_since_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("net_days", sa.BigInteger(), nullable=False),
        sa.Column("credit_limit", sa.BigInteger(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column(
            "preferred_channel",
            sa.Enum(
                "email",
                "post",
                "phone",
                name="preferred_channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "tier",
            sa.Enum(
                "key",
                "standard",
                "small",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("owner_since_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("tax_id_key", sa.Text(), nullable=True),
        sa.Column("search_words", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("credit_limit >= 0", name=op.f("ck_account_credit_limit_not_negative")),
        sa.CheckConstraint("net_days >= 0", name=op.f("ck_account_net_days_not_negative")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.staff_id"], name=op.f("fk_account_owner_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account")),
        sa.UniqueConstraint("number", name=op.f("uq_account_number")),
        sa.UniqueConstraint("tax_id_key", name=op.f("uq_account_tax_id_key")),
    )
    op.create_index("ix_account_name_key", "account", ["name_key", "account_id"], unique=False)
    op.create_index(op.f("ix_account_owner_id"), "account", ["owner_id"], unique=False)
    op.create_index(
        "ix_account_search_words",
        "account",
        [sa.literal_column("array_to_tsvector(search_words)")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(op.f("ix_account_status"), "account", ["status"], unique=False)
    op.create_table(
        "account_state",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "begin_onboarding",
                "activate",
                "hold",
                "release",
                "close",
                "reopen",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "prospect",
                "onboarding",
                "active",
                "on_hold",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_account_state_account_id")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_account_state")),
    )
    op.create_index(
        op.f("ix_account_state_account_id"), "account_state", ["account_id"], unique=False
    )
    op.create_table(
        "checklist_item",
        sa.Column("checklist_item_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("onboarding_requirement_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("needs_expiry", sa.Boolean(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.Text(), nullable=True),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_by", sa.Text(), nullable=True),
        sa.Column("waived_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_checklist_item_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["onboarding_requirement_id"],
            ["onboarding_requirement.onboarding_requirement_id"],
            name=op.f("fk_checklist_item_onboarding_requirement_id"),
        ),
        sa.PrimaryKeyConstraint("checklist_item_id", name=op.f("pk_checklist_item")),
    )
    op.create_index(
        op.f("ix_checklist_item_account_id"), "checklist_item", ["account_id"], unique=False
    )
    op.create_table(
        "contact",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column(
            "roles",
            postgresql.ARRAY(
                sa.Enum(
                    "decision_maker",
                    "payer",
                    "disputes",
                    "shipping",
                    name="contactrole",
                    native_enum=False,
                    length=40,
                )
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_contact_valid_to_after_from")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_contact_account_id")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_account_id"), "contact", ["account_id"], unique=False)
    op.create_table(
        "ownership_period",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "until_on >= since_on", name=op.f("ck_ownership_period_until_after_since")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_ownership_period_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.staff_id"], name=op.f("fk_ownership_period_staff_id")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ownership_period")),
    )
    op.create_index(
        op.f("ix_ownership_period_account_id"), "ownership_period", ["account_id"], unique=False
    )
    op.create_index(
        "ix_ownership_period_book",
        "ownership_period",
        ["staff_id"],
        unique=False,
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.create_index(
        "uq_ownership_period_present",
        "ownership_period",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.create_table(
        "worklist_item",
        sa.Column("worklist_item_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "done",
                "settled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("snoozed_by", sa.Text(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "reached",
                "not_reached",
                "left_message",
                "will_pay",
                "disputes",
                "other",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_worklist_item_account_id")
        ),
        sa.PrimaryKeyConstraint("worklist_item_id", name=op.f("pk_worklist_item")),
    )
    op.create_index(
        op.f("ix_worklist_item_account_id"), "worklist_item", ["account_id"], unique=False
    )
    op.create_index(
        "uq_worklist_item_open",
        "worklist_item",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "worklist_reason",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("is_standing", sa.Boolean(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("oldest_due_date", sa.Date(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("rests_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_worklist_reason_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", "about", name=op.f("pk_worklist_reason")),
    )


def downgrade() -> None:
    """Drop everything."""
    op.execute(
        "DROP TABLE worklist_reason, worklist_item, timeline_entry, contact, checklist_item, "
        "onboarding_requirement, account_state, ownership_period, account, account_balance, staff"
    )
    op.execute("DROP SEQUENCE account_number")
