"""Statement runs and their statements, and how accounts want theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
RUN_STATUSES = "'running', 'completed', 'cancelled'"
STATUSES = "'pending', 'asked', 'sent', 'to_print', 'printed', 'parked', 'skipped'"


def upgrade() -> None:
    op.add_column("billing_routine", sa.Column("statement_day", sa.BigInteger(), nullable=True))
    op.add_column(
        "billing_routine",
        sa.Column("statements", sa.Text(), server_default="by_account", nullable=False),
    )
    op.create_table(
        "statement_run",
        sa.Column("statement_run_id", sa.Text(), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("accounts", ARRAY(sa.Text()), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("statement_day", sa.BigInteger(), nullable=True),
        sa.Column("which", sa.Text(), nullable=False),
        sa.Column("is_again", sa.Boolean(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("statements", sa.BigInteger(), nullable=False),
        sa.Column("planned_by", sa.Text(), nullable=False),
        sa.Column("planned_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(f"status IN ({RUN_STATUSES})", name=op.f("ck_statement_run_status")),
    )
    _create_statements()


def downgrade() -> None:
    op.drop_table("run_statement")
    op.drop_table("statement_run")
    op.drop_column("billing_routine", "statements")
    op.drop_column("billing_routine", "statement_day")


def _create_statements() -> None:
    op.create_table(
        "run_statement",
        sa.Column("statement_run_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("account_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("is_again", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("opening", sa.BigInteger(), nullable=True),
        sa.Column("closing", sa.BigInteger(), nullable=True),
        sa.Column("document_id", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("made_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "statement_run_id", "account_id", "currency", name=op.f("pk_run_statement")
        ),
        sa.ForeignKeyConstraint(
            ["statement_run_id"],
            ["statement_run.statement_run_id"],
            name=op.f("fk_run_statement_statement_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.document_id"], name=op.f("fk_run_statement_document_id")
        ),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_run_statement_status")),
    )
    op.create_index(
        "ix_run_statement_status",
        "run_statement",
        ["statement_run_id", "status", "account_id", "currency"],
    )
    op.create_index(
        "ix_run_statement_once",
        "run_statement",
        ["account_id", "currency", "first_day", "last_day"],
        unique=True,
        postgresql_where=sa.text("status <> 'skipped' AND NOT is_again"),
    )
