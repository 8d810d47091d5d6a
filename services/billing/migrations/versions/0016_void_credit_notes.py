"""Credit notes are voided; what a void one was for may be credited anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CARRIED_OUT = ("remedy_id", "return_id", "dispute_id")
STANDS = sa.text("voided_on IS NULL")


def upgrade() -> None:
    op.add_column("credit_note", sa.Column("voided_on", sa.Date(), nullable=True))
    op.add_column("credit_note", sa.Column("voided_by", sa.Text(), nullable=True))
    op.add_column("credit_note", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("credit_note", sa.Column("void_reason", sa.Text(), nullable=True))
    is_nothing_left = "voided_on IS NULL OR unapplied + refunded = 0"
    op.create_check_constraint(op.f("ck_credit_note_void"), "credit_note", is_nothing_left)
    for name in CARRIED_OUT:
        op.drop_constraint(op.f(f"uq_credit_note_{name}"), "credit_note")
        op.create_index(
            f"uq_credit_note_{name}", "credit_note", [name], unique=True, postgresql_where=STANDS
        )


def downgrade() -> None:
    for name in CARRIED_OUT:
        op.drop_index(f"uq_credit_note_{name}", "credit_note")
        op.create_unique_constraint(op.f(f"uq_credit_note_{name}"), "credit_note", [name])
    op.drop_constraint(op.f("ck_credit_note_void"), "credit_note")
    for name in ("void_reason", "voided_at", "voided_by", "voided_on"):
        op.drop_column("credit_note", name)
