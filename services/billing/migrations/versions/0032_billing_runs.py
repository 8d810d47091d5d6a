"""Billing runs and their bills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
RUN_STATUSES = (
    "'planned', 'previewed', 'approved', 'running', 'completed', 'completed_with_parked', "
    "'cancelled'"
)
BILL_STATUSES = "'pending', 'invoiced', 'nothing_due', 'skipped', 'parked'"


def upgrade() -> None:
    op.create_table(
        "billing_run",
        sa.Column("billing_run_id", sa.Text(), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cutoff_on", sa.Date(), nullable=False),
        sa.Column("invoice_on", sa.Date(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.Column("accounts", ARRAY(sa.Text()), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("bill_day", sa.BigInteger(), nullable=True),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("lines_max", sa.BigInteger(), nullable=False),
        sa.Column("ratio_max", sa.Numeric(13, 3), nullable=False),
        sa.Column("previous_run_id", sa.Text(), nullable=True),
        sa.Column("bills", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.Column("planned_by", sa.Text(), nullable=False),
        sa.Column("planned_at", INSTANT, nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(f"status IN ({RUN_STATUSES})", name=op.f("ck_billing_run_status")),
        sa.ForeignKeyConstraint(
            ["previous_run_id"],
            ["billing_run.billing_run_id"],
            name=op.f("fk_billing_run_previous_run_id"),
        ),
    )
    op.create_index("ix_billing_run_cutoff", "billing_run", ["cutoff_on"])
    _create_bills()
    op.add_column("invoice", sa.Column("billing_run_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_invoice_billing_run_id"), "invoice", ["billing_run_id"])
    op.create_index("ix_invoice_of_account", "invoice", ["account_id", "currency", "issued_on"])
    op.drop_index(op.f("ix_invoice_account_id"), "invoice")
    op.add_column(
        "account",
        sa.Column("order_number_required", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("account", "order_number_required")
    op.create_index(op.f("ix_invoice_account_id"), "invoice", ["account_id"])
    op.drop_index("ix_invoice_of_account")
    op.drop_column("invoice", "billing_run_id")
    op.drop_table("bill")
    op.drop_table("billing_run")


def _create_bills() -> None:
    op.create_table(
        "bill",
        sa.Column("billing_run_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("account_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("lines", sa.BigInteger(), nullable=True),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("tax", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.Column("usual", sa.BigInteger(), nullable=True),
        sa.Column("previous", sa.BigInteger(), nullable=True),
        sa.Column("change", sa.Text(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("client_order_number", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.Column("invoice_id", sa.Text(), nullable=True),
        sa.Column("invoice_number", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("billing_run_id", "account_id", "currency", name=op.f("pk_bill")),
        sa.ForeignKeyConstraint(
            ["billing_run_id"],
            ["billing_run.billing_run_id"],
            name=op.f("fk_bill_billing_run_id"),
        ),
        sa.CheckConstraint(f"status IN ({BILL_STATUSES})", name=op.f("ck_bill_status")),
        sa.CheckConstraint(
            "(status = 'invoiced') = (invoice_id IS NOT NULL)", name=op.f("ck_bill_invoiced")
        ),
    )
    op.create_index(
        "ix_bill_status", "bill", ["billing_run_id", "status", "account_id", "currency"]
    )
    op.create_index("ix_bill_total", "bill", ["billing_run_id", "total"])
    op.create_index(
        "ix_bill_unforeseen",
        "bill",
        ["billing_run_id", "account_id", "currency"],
        postgresql_where=sa.text("hash IS NULL"),
    )
