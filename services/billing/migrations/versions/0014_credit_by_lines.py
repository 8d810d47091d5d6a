"""What a credit note takes of which line of its invoice, and which return or dispute it settles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SETTLED = ("return_id", "dispute_id")


def upgrade() -> None:
    op.add_column("invoice_line", sa.Column("order_line_id", sa.Text(), nullable=True))
    op.add_column("credit_note_line", sa.Column("invoice_position", sa.BigInteger(), nullable=True))
    op.add_column("credit_note_line", sa.Column("order_line_id", sa.Text(), nullable=True))
    op.add_column(
        "credit_note_line",
        sa.Column("is_price_reduction", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for name in SETTLED:
        op.add_column("credit_note", sa.Column(name, sa.Text(), nullable=True))
        op.create_unique_constraint(op.f(f"uq_credit_note_{name}"), "credit_note", [name])


def downgrade() -> None:
    for name in SETTLED:
        op.drop_constraint(op.f(f"uq_credit_note_{name}"), "credit_note")
        op.drop_column("credit_note", name)
    for name in ("is_price_reduction", "order_line_id", "invoice_position"):
        op.drop_column("credit_note_line", name)
    op.drop_column("invoice_line", "order_line_id")
