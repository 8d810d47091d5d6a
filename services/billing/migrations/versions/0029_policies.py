"""What money pays first, what is less for paying early, and what is too little to ask for or too much."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "billing_routine",
        sa.Column("allocation_policy", sa.Text(), server_default="oldest_due", nullable=False),
    )
    op.add_column("payment_terms", sa.Column("discount_percent", sa.Numeric(6, 3), nullable=True))
    op.add_column("payment_terms", sa.Column("discount_days", sa.BigInteger(), nullable=True))
    op.add_column("item", sa.Column("discount_percent", sa.Numeric(6, 3), nullable=True))
    op.add_column("item", sa.Column("discount_until", sa.Date(), nullable=True))
    op.add_column("allocation", sa.Column("with_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_allocation_with_id"), "allocation", "allocation", ["with_id"], ["allocation_id"]
    )
    op.create_index(
        "ix_allocation_with_id",
        "allocation",
        ["with_id"],
        postgresql_where=sa.text("with_id IS NOT NULL"),
    )
    op.add_column(
        "payment", sa.Column("overpaid", sa.BigInteger(), server_default="0", nullable=False)
    )
    _bound_payments("reversed", "overpaid")
    op.add_column("adjustment", sa.Column("payment_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_adjustment_payment_id"), "adjustment", "payment", ["payment_id"], ["payment_id"]
    )
    op.create_index(
        "ix_adjustment_payment_id",
        "adjustment",
        ["payment_id"],
        postgresql_where=sa.text("payment_id IS NOT NULL"),
    )
    op.create_table(
        "adjustment_rate",
        sa.Column(
            "adjustment_id", sa.Text(), sa.ForeignKey("adjustment.adjustment_id"), primary_key=True
        ),
        sa.Column("tax_code", sa.Text(), primary_key=True),
        sa.Column("tax_percent", sa.Numeric(6, 3), primary_key=True),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "tolerance",
        sa.Column("currency", sa.Text(), primary_key=True),
        sa.Column("version", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.Numeric(6, 3), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=True),
        sa.CheckConstraint("amount >= 0 AND percent >= 0", name=op.f("ck_tolerance_not_negative")),
    )


def downgrade() -> None:
    op.drop_table("tolerance")
    op.drop_table("adjustment_rate")
    op.drop_column("adjustment", "payment_id")
    _bound_payments("reversed")
    op.drop_column("payment", "overpaid")
    op.drop_column("allocation", "with_id")
    op.drop_column("item", "discount_until")
    op.drop_column("item", "discount_percent")
    op.drop_column("payment_terms", "discount_days")
    op.drop_column("payment_terms", "discount_percent")
    op.drop_column("billing_routine", "allocation_policy")


def _bound_payments(*names: str) -> None:
    parts = ("unapplied", "refunded", *names)
    for name, condition in (
        ("not_negative", " AND ".join(f"{part} >= 0" for part in parts)),
        ("within_amount", f"{' + '.join(parts)} <= amount"),
    ):
        op.drop_constraint(op.f(f"ck_payment_{name}"), "payment")
        op.create_check_constraint(op.f(f"ck_payment_{name}"), "payment", condition)
