"""What was billed ahead of shipments and taken off or back, and whose invoice it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Until now it was taken for granted; of an invoice that was void before it was known, it is told with it.
OF_THE_ORDERS_ACCOUNT = """
UPDATE order_invoice SET account_id = coalesce(
    (SELECT account_id FROM "order" WHERE "order".order_id = order_invoice.order_id), ''
)
"""


def upgrade() -> None:
    op.add_column("order_invoice", sa.Column("account_id", sa.Text(), nullable=True))
    op.execute(OF_THE_ORDERS_ACCOUNT)
    op.alter_column("order_invoice", "account_id", nullable=False)
    op.create_index(op.f("ix_order_invoice_account_id"), "order_invoice", ["account_id"])
    taken_off = sa.Column("taken_off", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("order_invoice", taken_off)
    op.create_table(
        "order_credit",
        sa.Column("credit_note_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("taken_back", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("credit_note_id", name=op.f("pk_order_credit")),
    )
    op.create_index(op.f("ix_order_credit_account_id"), "order_credit", ["account_id"])
    op.create_index(op.f("ix_order_credit_order_id"), "order_credit", ["order_id"])


def downgrade() -> None:
    op.drop_table("order_credit")
    op.drop_column("order_invoice", "taken_off")
    op.drop_index(op.f("ix_order_invoice_account_id"), "order_invoice")
    op.drop_column("order_invoice", "account_id")
