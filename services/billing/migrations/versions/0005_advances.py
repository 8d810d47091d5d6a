"""What is billed ahead of shipping is taken off the invoices of shipments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


# Until now nothing said so: what was invoiced by hand for an order after a shipment's invoice was voided
# billed that shipment again, and is not ahead of the next.
BILLED_AGAIN = """
INSERT INTO advance_use (use_id, account_id, advance_id, invoice_id, tax_percent, net, tax, recorded_at)
SELECT 'use_' || left(md5(again.invoice_id || rate.tax_percent), 26), again.account_id,
       again.invoice_id, void.invoice_id, rate.tax_percent, rate.net, rate.tax, again.recorded_at
FROM invoice AS again JOIN invoice_rate AS rate USING (invoice_id), LATERAL (
    SELECT shipped.invoice_id FROM invoice AS shipped
    WHERE shipped.order_id = again.order_id AND shipped.shipment_id IS NOT NULL
        AND shipped.voided_at < again.recorded_at
    ORDER BY shipped.voided_at DESC LIMIT 1
) AS void
WHERE again.shipment_id IS NULL AND again.voided_on IS NULL
"""
ONLY_ADDED_TO = """
CREATE TRIGGER advance_use_is_only_added_to BEFORE UPDATE OR DELETE ON advance_use
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    taken_off = sa.Column("taken_off", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("invoice", taken_off)
    op.drop_constraint(op.f("ck_invoice_total"), "invoice")
    op.create_check_constraint(
        op.f("ck_invoice_total"), "invoice", "net + tax = total AND total >= 0"
    )
    op.create_check_constraint(
        op.f("ck_invoice_taken_off"), "invoice", "taken_off >= 0 AND total + taken_off > 0"
    )
    taken_back = sa.Column(
        "taken_back", sa.BigInteger(), nullable=False, server_default=sa.text("0")
    )
    op.add_column("credit_note", taken_back)
    op.add_column("credit_note", sa.Column("order_id", sa.Text(), nullable=True))
    op.add_column("invoice_line", sa.Column("advance_id", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_invoice_line_advance_id"),
        "invoice_line",
        "invoice",
        ["advance_id"],
        ["invoice_id"],
    )
    op.create_table(
        "advance_use",
        sa.Column("use_id", sa.Text(), nullable=False),
        sa.Column("advance_id", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.Text(), nullable=True),
        sa.Column("credit_note_id", sa.Text(), nullable=True),
        sa.Column("tax_percent", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(invoice_id, credit_note_id) = 1", name=op.f("ck_advance_use_by_one")
        ),
        sa.ForeignKeyConstraint(
            ["advance_id"], ["invoice.invoice_id"], name=op.f("fk_advance_use_advance_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.invoice_id"], name=op.f("fk_advance_use_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_note_id"],
            ["credit_note.credit_note_id"],
            name=op.f("fk_advance_use_credit_note_id"),
        ),
        sa.PrimaryKeyConstraint("use_id", name=op.f("pk_advance_use")),
    )
    for column in ("account_id", "advance_id", "invoice_id"):
        op.create_index(op.f(f"ix_advance_use_{column}"), "advance_use", [column])
    op.execute(BILLED_AGAIN)
    op.execute(ONLY_ADDED_TO)


def downgrade() -> None:
    op.drop_table("advance_use")
    op.drop_column("credit_note", "order_id")
    op.drop_column("credit_note", "taken_back")
    op.drop_constraint(op.f("fk_invoice_line_advance_id"), "invoice_line")
    op.drop_column("invoice_line", "advance_id")
    op.drop_constraint(op.f("ck_invoice_taken_off"), "invoice")
    op.drop_constraint(op.f("ck_invoice_total"), "invoice")
    op.create_check_constraint(
        op.f("ck_invoice_total"), "invoice", "net + tax = total AND total > 0"
    )
    op.drop_column("invoice", "taken_off")
