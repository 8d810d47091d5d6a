"""Payment terms under a name, and how each account pays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_terms",
        sa.Column("payment_terms_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("business_days", sa.Text(), nullable=False),
        sa.Column("lines", JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("payment_terms_id", name=op.f("pk_payment_terms")),
    )
    op.create_index(
        "uq_payment_terms_name",
        "payment_terms",
        ["name"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "billing_routine",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("payment_terms_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("pay_day", sa.BigInteger(), nullable=True),
        sa.Column("weekday", sa.Text(), nullable=True),
        sa.Column("weeks", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("months_off", ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("bill_day", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["payment_terms_id"],
            ["payment_terms.payment_terms_id"],
            name=op.f("fk_billing_routine_payment_terms_id_payment_terms"),
        ),
        sa.PrimaryKeyConstraint("account_id", "version", name=op.f("pk_billing_routine")),
    )
    op.add_column("account", sa.Column("country", sa.Text(), nullable=True))
    op.add_column("invoice", sa.Column("payment_terms_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_invoice_payment_terms_id_payment_terms"),
        "invoice",
        "payment_terms",
        ["payment_terms_id"],
        ["payment_terms_id"],
    )


def downgrade() -> None:
    op.drop_column("invoice", "payment_terms_id")
    op.drop_column("account", "country")
    op.drop_table("billing_routine")
    op.drop_table("payment_terms")
