"""Documents of receipts and statements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document", sa.Column("payment_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_document_payment_id"), "document", "payment", ["payment_id"], ["payment_id"]
    )
    op.create_unique_constraint(op.f("uq_document_payment_id"), "document", ["payment_id"])
    op.drop_constraint(op.f("ck_document_of_one"), "document", type_="check")
    op.create_check_constraint(
        op.f("ck_document_of_one"),
        "document",
        "num_nonnulls(invoice_id, credit_note_id, payment_id)"
        " = CASE kind WHEN 'statement' THEN 0 ELSE 1 END",
    )


def downgrade() -> None:
    op.execute(
        "DELETE FROM document_copy USING document AS of WHERE of.document_id ="
        " document_copy.document_id AND of.kind IN ('receipt', 'statement')"
    )
    op.execute("DELETE FROM document WHERE kind IN ('receipt', 'statement')")
    op.drop_constraint(op.f("ck_document_of_one"), "document", type_="check")
    op.create_check_constraint(
        op.f("ck_document_of_one"), "document", "num_nonnulls(invoice_id, credit_note_id) = 1"
    )
    op.drop_constraint(op.f("uq_document_payment_id"), "document", type_="unique")
    op.drop_constraint(op.f("fk_document_payment_id"), "document", type_="foreignkey")
    op.drop_column("document", "payment_id")
