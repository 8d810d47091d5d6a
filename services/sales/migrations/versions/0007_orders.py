"""What orders and their lines say more, and what of accounts they need for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OF_ACCOUNTS = ("name", "country", "language", "parent_id", "credit_group_id")
BEFORE = "quantity > 0 AND shipped >= 0 AND cancelled >= 0 AND shipped + cancelled <= quantity"
AFTER = (
    "(quantity > 0 AND shipped >= 0 AND cancelled >= 0 AND returned = 0"
    " AND shipped + cancelled <= quantity)"
    " OR (quantity < 0 AND shipped = 0 AND cancelled <= 0 AND returned >= 0"
    " AND cancelled - returned >= quantity)"
)


def upgrade() -> None:
    """Lines that were there are goods that go out; orders go on as they were agreed."""
    _extend_accounts()
    op.add_column("order", sa.Column("delivery_address", postgresql.JSONB(), nullable=True))
    for name in ("delivery_contact_id", "delivery_contact", "note"):
        op.add_column("order", sa.Column(name, sa.Text(), nullable=True))
    for name, usual in (("bills_on", "shipment"), ("ships_on", "order")):
        op.add_column("order", sa.Column(name, sa.Text(), server_default=usual, nullable=False))
    op.add_column("order", sa.Column("deposit_percent", sa.Numeric(6, 3), nullable=True))
    returned = sa.Column("returned", sa.Numeric(13, 3), server_default="0", nullable=False)
    op.add_column("order_line", returned)
    op.add_column("order_line", sa.Column("promised_on", sa.Date(), nullable=True))
    for name in ("note", "returns_line_id"):
        op.add_column("order_line", sa.Column(name, sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_order_line_returns_line_id"),
        "order_line",
        "order_line",
        ["returns_line_id"],
        ["line_id"],
    )
    op.create_index(op.f("ix_order_line_returns_line_id"), "order_line", ["returns_line_id"])
    _check_quantities(AFTER)


def _extend_accounts() -> None:
    for name in OF_ACCOUNTS:
        op.add_column("account", sa.Column(name, sa.Text(), nullable=True))
    for name in ("parent_id", "credit_group_id"):
        op.create_index(op.f(f"ix_account_{name}"), "account", [name])
    op.add_column(
        "account",
        sa.Column("order_number_required", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    addresses = sa.Column("addresses", postgresql.JSONB(), server_default="[]", nullable=False)
    op.add_column("account", addresses)
    op.execute("UPDATE account SET version = version - 1")  # introduced anew, with all this
    op.create_table(
        "contact",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_account_id"), "contact", ["account_id"])


def _check_quantities(condition: str) -> None:
    op.drop_constraint(op.f("ck_order_line_quantities"), "order_line")
    op.create_check_constraint(op.f("ck_order_line_quantities"), "order_line", condition)


def downgrade() -> None:
    """Lines of goods that come back are lost."""
    op.execute("DELETE FROM order_line WHERE quantity < 0")
    _check_quantities(BEFORE)
    for name in ("returns_line_id", "note", "promised_on", "returned"):
        op.drop_column("order_line", name)
    for name in ("deposit_percent", "ships_on", "bills_on", "note", "delivery_contact"):
        op.drop_column("order", name)
    for name in ("delivery_contact_id", "delivery_address"):
        op.drop_column("order", name)
    op.drop_table("contact")
    for name in ("addresses", "order_number_required", *reversed(OF_ACCOUNTS)):
        op.drop_column("account", name)
