"""What accounts were billed, who may grant how much, and remedies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ROLES = ("assistant", "account_manager", "lead", "director", "vice_president")
_KINDS = ("credit", "return", "replacement", "goodwill")
_STATUSES = (
    "waiting_for_approval",
    "granted",
    "executed",
    "declined",
    "withdrawn",
    "refused",
)
_CARRIED_OUT_AS = ("credit_note", "return", "order", "other")
_CURRENCIES = ("EUR", "GBP", "USD")
_USUAL_LIMITS = {"assistant": 0, "account_manager": 50_00, "lead": 500_00, "director": 5_000_00}
_UNLIMITED = "vice_president"
_FREE_OF_BUDGET = ("lead", "director", "vice_president")


def upgrade() -> None:
    """Make the tables; authorities and goodwill begin as usual."""
    op.create_table(
        "billed_invoice",
        sa.Column("invoice_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("net", sa.BigInteger(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("lines", postgresql.JSONB(), nullable=True),
        sa.Column("is_void", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_billed_invoice")),
    )
    op.create_index(
        "ix_billed_invoice_account_id_issued_on", "billed_invoice", ["account_id", "issued_on"]
    )
    op.create_table(
        "billed_credit",
        sa.Column("credit_note_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("credit_note_id", name=op.f("pk_billed_credit")),
    )
    op.create_index(
        "ix_billed_credit_account_id_issued_on", "billed_credit", ["account_id", "issued_on"]
    )
    authority = op.create_table(
        "remedy_authority",
        sa.Column("role", _choice("role", *_ROLES), nullable=False),
        sa.Column("is_unlimited", sa.Boolean(), nullable=False),
        sa.Column("is_free_of_budget", sa.Boolean(), nullable=False),
        sa.Column("limits", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_remedy_authority")),
    )
    op.bulk_insert(authority, [_usual(role) for role in _ROLES])
    rule = op.create_table(
        "goodwill_rule",
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("percent", sa.Numeric(6, 3), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "percent BETWEEN 0 AND 100 AND most >= 0", name=op.f("ck_goodwill_rule_bounds")
        ),
        sa.PrimaryKeyConstraint("currency", name=op.f("pk_goodwill_rule")),
    )
    usual = {"percent": 1, "most": 1_000_00, "version": 1}
    op.bulk_insert(rule, [{"currency": currency, **usual} for currency in _CURRENCIES])
    _create_remedies()


def _create_remedies() -> None:
    op.create_table(
        "remedy",
        sa.Column("remedy_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", _choice("kind", *_KINDS), nullable=False),
        sa.Column("status", _choice("status", *_STATUSES), nullable=False),
        sa.Column("is_by_lines", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=True),
        sa.Column("invoice_number", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approver_id", sa.Text(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=True),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("executed_by", sa.Text(), nullable=True),
        sa.Column("executed_as", _choice("executed_as", *_CARRIED_OUT_AS), nullable=True),
        sa.Column("carried_out_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_code", sa.Text(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_remedy_amount_not_negative")),
        sa.CheckConstraint(
            "(status IN ('granted', 'executed', 'refused')) = (granted_on IS NOT NULL)",
            name=op.f("ck_remedy_granted"),
        ),
        sa.CheckConstraint(
            "(status = 'executed') = (executed_at IS NOT NULL)", name=op.f("ck_remedy_executed")
        ),
        sa.CheckConstraint(
            "(status IN ('declined', 'withdrawn', 'refused')) = (ended_at IS NOT NULL)",
            name=op.f("ck_remedy_ended"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name=op.f("fk_remedy_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["staff.staff_id"], name=op.f("fk_remedy_approver_id_staff")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name=op.f("fk_remedy_case_id_case")),
        sa.PrimaryKeyConstraint("remedy_id", name=op.f("pk_remedy")),
    )
    for column in ("case_id", "invoice_id", "granted_on"):
        op.create_index(op.f(f"ix_remedy_{column}"), "remedy", [column])
    op.create_index("ix_remedy_account_id_granted_on", "remedy", ["account_id", "granted_on"])
    op.create_index(
        "ix_remedy_waiting",
        "remedy",
        ["approver_id", "remedy_id"],
        postgresql_where=sa.text("status = 'waiting_for_approval'"),
    )
    op.create_table(
        "remedy_line",
        sa.Column("remedy_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(13, 3), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("is_returned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["remedy_id"], ["remedy.remedy_id"], name=op.f("fk_remedy_line_remedy_id_remedy")
        ),
        sa.PrimaryKeyConstraint("remedy_id", "position", name=op.f("pk_remedy_line")),
    )


def _usual(role: str) -> dict[str, object]:
    limit = _USUAL_LIMITS.get(role)
    return {
        "role": role,
        "is_unlimited": role == _UNLIMITED,
        "is_free_of_budget": role in _FREE_OF_BUDGET,
        "limits": {} if limit is None else dict.fromkeys(_CURRENCIES, limit),
        "version": 1,
    }


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    for table in (
        "remedy_line",
        "remedy",
        "goodwill_rule",
        "remedy_authority",
        "billed_credit",
        "billed_invoice",
    ):
        op.drop_table(table)
