"""The tables of the first slice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("preferred_channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account")),
    )
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
        "contact",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_account_id"), "contact", ["account_id"], unique=False)
    op.create_table(
        "contact_due",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("is_due", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("oldest_due_date", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "currency", "reason", name=op.f("pk_contact_due")),
    )
    op.create_index(
        "ix_contact_due_standing",
        "contact_due",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("is_due"),
    )
    op.create_table(
        "credit_hold",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "number", name=op.f("pk_credit_hold")),
    )
    op.create_index(
        "uq_credit_hold_standing",
        "credit_hold",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "dunning_hold",
        sa.Column("hold_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_dunning_hold")),
    )
    op.create_index(
        op.f("ix_dunning_hold_account_id"), "dunning_hold", ["account_id"], unique=False
    )
    op.create_table(
        "dunning_procedure",
        sa.Column("procedure_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("procedure_id", name=op.f("pk_dunning_procedure")),
    )
    op.create_index(
        "uq_dunning_procedure_default",
        "dunning_procedure",
        ["is_default"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "placement",
        sa.Column("placement_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("package", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'returned', 'in_collections', 'cured', 'withdrawn')",
            name=op.f("ck_placement_status"),
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_placement")),
    )
    op.create_index(op.f("ix_placement_account_id"), "placement", ["account_id"], unique=False)
    op.create_table(
        "receivable",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=False),
        sa.Column("invoice_number", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "is_in_collections", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_receivable")),
    )
    op.create_index(op.f("ix_receivable_account_id"), "receivable", ["account_id"], unique=False)
    op.create_index("ix_receivable_due", "receivable", ["due_date", "item_id"], unique=False)
    op.create_index(
        "ix_receivable_open",
        "receivable",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "dunning_assignment",
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("procedure_id", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["dunning_procedure.procedure_id"],
            name=op.f("fk_dunning_assignment_procedure_id"),
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_dunning_assignment")),
    )
    op.create_index(
        op.f("ix_dunning_assignment_account_id"), "dunning_assignment", ["account_id"], unique=False
    )
    op.create_index(
        "uq_dunning_assignment_current",
        "dunning_assignment",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "dunning_procedure_version",
        sa.Column("procedure_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("hand_over_days", sa.BigInteger(), nullable=True),
        sa.Column("levels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"],
            ["dunning_procedure.procedure_id"],
            name=op.f("fk_dunning_procedure_version_procedure_id"),
        ),
        sa.PrimaryKeyConstraint(
            "procedure_id", "number", name=op.f("pk_dunning_procedure_version")
        ),
    )
    op.create_table(
        "placement_item",
        sa.Column("placement_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("is_standing", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.placement_id"],
            name=op.f("fk_placement_item_placement_id"),
        ),
        sa.PrimaryKeyConstraint("placement_id", "item_id", name=op.f("pk_placement_item")),
    )
    op.create_index(
        op.f("ix_placement_item_account_id"), "placement_item", ["account_id"], unique=False
    )
    op.create_index(
        "uq_placement_item_standing",
        "placement_item",
        ["item_id"],
        unique=True,
        postgresql_where=sa.text("is_standing"),
    )
    op.create_table(
        "placement_move",
        sa.Column("placement_id", sa.Text(), nullable=False),
        sa.Column("placement_version", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.placement_id"],
            name=op.f("fk_placement_move_placement_id"),
        ),
        sa.PrimaryKeyConstraint(
            "placement_id", "placement_version", name=op.f("pk_placement_move")
        ),
    )
    op.create_index(
        op.f("ix_placement_move_account_id"), "placement_move", ["account_id"], unique=False
    )
    op.create_table(
        "dunning_run",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.Column("procedure_id", sa.Text(), nullable=False),
        sa.Column("procedure_number", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("items_looked_at", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'previewed', 'approved', 'running', 'completed', "
            "'completed_with_parked', 'cancelled')",
            name=op.f("ck_dunning_run_status"),
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id", "procedure_number"],
            ["dunning_procedure_version.procedure_id", "dunning_procedure_version.number"],
            name=op.f("fk_dunning_run_procedure_id_procedure_number"),
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_dunning_run")),
    )
    op.create_index("ix_dunning_run_on", "dunning_run", ["run_on"], unique=False)
    op.create_index(
        "uq_dunning_run_day",
        "dunning_run",
        ["procedure_id", "run_on"],
        unique=True,
        postgresql_where=sa.text("status <> 'cancelled'"),
    )
    op.create_table(
        "dunning_notice",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("level_name", sa.Text(), nullable=False),
        sa.Column("holds_orders", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("letter", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('proposed', 'approved', 'sent', 'undeliverable', 'dropped', 'cancelled')",
            name=op.f("ck_dunning_notice_status"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["dunning_run.run_id"], name=op.f("fk_dunning_notice_run_id")
        ),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_dunning_notice")),
    )
    op.create_index(
        op.f("ix_dunning_notice_account_id"), "dunning_notice", ["account_id"], unique=False
    )
    op.create_index("ix_dunning_notice_run", "dunning_notice", ["run_id", "status"], unique=False)
    op.create_index(
        "ix_dunning_notice_to_print",
        "dunning_notice",
        ["notice_id"],
        unique=False,
        postgresql_where=sa.text("channel = 'post' AND status = 'sent' AND printed_at IS NULL"),
    )
    op.create_table(
        "dunning_skip",
        sa.Column("skip_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("item_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["dunning_run.run_id"], name=op.f("fk_dunning_skip_run_id")
        ),
        sa.PrimaryKeyConstraint("skip_id", name=op.f("pk_dunning_skip")),
    )
    op.create_index(
        op.f("ix_dunning_skip_account_id"), "dunning_skip", ["account_id"], unique=False
    )
    op.create_index("ix_dunning_skip_run", "dunning_skip", ["run_id", "account_id"], unique=False)
    op.create_table(
        "dunning_notice_item",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("invoice_number", sa.Text(), nullable=False),
        sa.Column("invoiced", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["dunning_notice.notice_id"],
            name=op.f("fk_dunning_notice_item_notice_id"),
        ),
        sa.PrimaryKeyConstraint("notice_id", "item_id", name=op.f("pk_dunning_notice_item")),
    )
    op.create_index(
        op.f("ix_dunning_notice_item_account_id"),
        "dunning_notice_item",
        ["account_id"],
        unique=False,
    )
    op.create_index("ix_dunning_notice_item_item", "dunning_notice_item", ["item_id"], unique=False)
    op.create_index(
        "uq_dunning_notice_item_step",
        "dunning_notice_item",
        ["item_id", "due_date", "level"],
        unique=True,
        postgresql_where=sa.text("status IN ('approved', 'sent')"),
    )


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first migration; drop the database")
