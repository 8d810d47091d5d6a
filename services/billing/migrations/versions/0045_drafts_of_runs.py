"""Billing runs make drafts, which people edit and issue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

STATUSES = "'pending', 'drafted', 'invoiced', 'nothing_due', 'skipped', 'parked'"
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """What there is of runs issued its invoices at once, and no draft was edited."""
    op.add_column(
        "billing_run", sa.Column("makes", sa.Text(), server_default="invoices", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_billing_run_makes"), "billing_run", "makes IN ('invoices', 'drafts')"
    )
    op.add_column("billing_run", sa.Column("drafts_issued_by", sa.Text(), nullable=True))
    op.add_column("billing_run", sa.Column("drafts_issued_at", INSTANT, nullable=True))
    op.add_column("invoice", sa.Column("edited_by", sa.Text(), nullable=True))
    op.add_column("invoice", sa.Column("edited_at", INSTANT, nullable=True))
    op.create_index(
        "ix_invoice_draft",
        "invoice",
        ["account_id", "currency"],
        postgresql_where=sa.text("issued_on IS NULL"),
    )
    _check_bills(STATUSES, "status IN ('drafted', 'invoiced')")


def downgrade() -> None:
    """Drafts of runs are drafts like any."""
    op.execute("UPDATE bill SET status = 'skipped', invoice_id = NULL WHERE status = 'drafted'")
    _check_bills(STATUSES.replace("'drafted', ", ""), "status = 'invoiced'")
    op.drop_index("ix_invoice_draft", "invoice")
    for name in ("edited_at", "edited_by"):
        op.drop_column("invoice", name)
    op.drop_constraint(op.f("ck_billing_run_makes"), "billing_run")
    for name in ("drafts_issued_at", "drafts_issued_by", "makes"):
        op.drop_column("billing_run", name)


def _check_bills(statuses: str, is_invoiced: str) -> None:
    for name, check in (
        ("status", f"status IN ({statuses})"),
        ("invoiced", f"({is_invoiced}) = (invoice_id IS NOT NULL)"),
    ):
        op.drop_constraint(op.f(f"ck_bill_{name}"), "bill")
        op.create_check_constraint(op.f(f"ck_bill_{name}"), "bill", check)
