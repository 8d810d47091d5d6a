"""What paying late costs: what collections assesses, and what is waived of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


IS_COST = "kind IN ('fee', 'interest', 'letter')"
PLACE = ["due_date", "issued_on", "invoice_number", "position", "item_id"]
PLACE_OF_COSTS = ["due_date", "is_cost", *PLACE[1:]]


def upgrade() -> None:
    op.add_column(
        "item",
        sa.Column("is_cost", sa.Boolean(), sa.Computed(IS_COST, persisted=True), nullable=False),
    )
    _index(PLACE_OF_COSTS)
    op.create_table(
        "fee",
        sa.Column("fee_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("item_ids", postgresql.JSONB(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("invoice_id", sa.Text(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_fee_amount")),
    )
    op.add_column("invoice", _amount("assessed"))
    op.add_column("invoice", sa.Column("fee_id", sa.Text(), nullable=True))
    op.add_column("invoice", sa.Column("notice_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_invoice_fee_id"), "invoice", ["fee_id"])
    _check("invoice", "assessed", "(assessed = 0) = (fee_id IS NULL)")
    _check_again("invoice", "total", "net + tax + reclaimed + assessed = total AND total >= 0")
    op.add_column("credit_note", _amount("waived"))
    op.add_column("credit_note", sa.Column("fee_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_credit_note_fee_id"), "credit_note", ["fee_id"])
    _check("credit_note", "waived", "(waived = 0) = (fee_id IS NULL)")
    _check_again("credit_note", "total", "net + tax + waived = total AND total > 0")


def downgrade() -> None:
    _check_again("credit_note", "total", "net + tax = total AND total > 0")
    op.drop_column("credit_note", "fee_id")
    op.drop_column("credit_note", "waived")
    _check_again("invoice", "total", "net + tax + reclaimed = total AND total >= 0")
    for name in ("notice_id", "fee_id", "assessed"):
        op.drop_column("invoice", name)
    op.drop_table("fee")
    _index(PLACE)
    op.drop_column("item", "is_cost")


def _index(place: list[str]) -> None:
    """Open items are read in their order from these alone."""
    for name, first in (
        ("ix_item_open", ["account_id", "currency"]),
        ("ix_item_open_due_date", []),
    ):
        op.drop_index(name, "item")
        columns = [*first, *place]
        op.create_index(name, "item", columns, postgresql_where=sa.text("balance > 0"))


def _amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _check(table: str, name: str, rule: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def _check_again(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    _check(table, name, rule)
