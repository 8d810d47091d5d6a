"""Credit terms, overrides of the credit check, and the copy of billing's items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _terms() -> list[sa.Column | sa.CheckConstraint]:
    return [
        sa.Column("overdue_limit", sa.BigInteger(), nullable=True),
        sa.Column("overdue_days", sa.BigInteger(), nullable=False),
        sa.Column("counts_drafts", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("set_at", INSTANT, nullable=True),
        sa.Column("set_by", sa.Text(), nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "open_item",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("disputed", sa.BigInteger(), nullable=False),
        sa.Column("in_flight", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_open_item")),
    )
    op.create_index(
        "ix_open_item_owed",
        "open_item",
        ["account_id", "currency", "due_date"],
        postgresql_where=sa.text("balance > 0"),
    )
    op.create_table(
        "credit_terms",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        *_terms(),
        sa.PrimaryKeyConstraint("account_id", "version", name=op.f("pk_credit_terms")),
        sa.CheckConstraint(
            "overdue_limit >= 0 AND overdue_days >= 0", name=op.f("ck_credit_terms_not_negative")
        ),
    )
    op.create_table(
        "default_credit_terms",
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        *_terms(),
        sa.PrimaryKeyConstraint("currency", "version", name=op.f("pk_default_credit_terms")),
        sa.CheckConstraint(
            "overdue_limit >= 0 AND overdue_days >= 0",
            name=op.f("ck_default_credit_terms_not_negative"),
        ),
    )
    op.create_table(
        "credit_override",
        sa.Column("override_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("override_id", name=op.f("pk_credit_override")),
    )
    for name in ("account_id", "order_id"):
        op.create_index(op.f(f"ix_credit_override_{name}"), "credit_override", [name])


def downgrade() -> None:
    for name in ("credit_override", "default_credit_terms", "credit_terms", "open_item"):
        op.drop_table(name)
