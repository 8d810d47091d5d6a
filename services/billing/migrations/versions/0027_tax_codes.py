"""Why a percentage of tax is what it is, what tax is rounded by, and who bills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

LINES = ("invoice_line", "credit_note_line", "billable")
RATES = (("invoice_rate", "invoice_id"), ("credit_note_rate", "credit_note_id"))
_MERGE_RATES = """
WITH merged AS (
    DELETE FROM {table} RETURNING {document}, tax_percent, net, tax
)
INSERT INTO {table} ({document}, tax_percent, net, tax)
SELECT {document}, tax_percent, sum(net), sum(tax) FROM merged GROUP BY {document}, tax_percent
"""


def upgrade() -> None:
    for table in (*LINES, *(table for table, _ in RATES), "advance_use"):
        _add_code(table)
    for table in (*LINES, *(table for table, _ in RATES)):
        op.add_column(table, sa.Column("exemption_reason", sa.Text(), nullable=True))
    for table, document in RATES:
        op.drop_constraint(op.f(f"pk_{table}"), table)
        op.create_primary_key(op.f(f"pk_{table}"), table, [document, "tax_percent", "tax_code"])
    op.add_column(
        "invoice", sa.Column("tax_rounding", sa.Text(), nullable=False, server_default="document")
    )
    op.create_index(
        "ix_invoice_line_taken_off",
        "invoice_line",
        ["invoice_id"],
        postgresql_where=sa.text("net < 0 AND advance_id IS NULL"),
    )
    _create_company()


def downgrade() -> None:
    op.drop_table("logo")
    op.drop_table("company")
    op.drop_index("ix_invoice_line_taken_off", "invoice_line")
    op.drop_column("invoice", "tax_rounding")
    for table, document in RATES:
        op.drop_constraint(op.f(f"pk_{table}"), table)
        op.drop_column(table, "tax_code")
        op.execute(_MERGE_RATES.format(table=table, document=document))
        op.create_primary_key(op.f(f"pk_{table}"), table, [document, "tax_percent"])
    for table in (*LINES, *(table for table, _ in RATES)):
        op.drop_column(table, "exemption_reason")
    for table in (*LINES, "advance_use"):
        op.drop_column(table, "tax_code")


def _add_code(table: str) -> None:
    """What was taxed until now is standard, or at 0 percent zero: written anew, since some of it is only
    added to."""
    op.add_column(
        table, sa.Column("tax_code", sa.Text(), nullable=False, server_default="standard")
    )
    op.alter_column(
        table,
        "tax_code",
        type_=sa.Text(),
        postgresql_using="CASE tax_percent WHEN 0 THEN 'zero' ELSE 'standard' END",
        server_default=None,
    )


def _create_company() -> None:
    op.create_table(
        "company",
        sa.Column("company_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("addresses", postgresql.JSONB(), nullable=False),
        sa.Column("tax_ids", postgresql.JSONB(), nullable=False),
        sa.Column("bank_accounts", postgresql.JSONB(), nullable=False),
        sa.Column("email_from", sa.Text(), nullable=True),
        sa.Column("logo_file_id", sa.Text(), nullable=True),
        sa.Column("tax_rounding", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company")),
    )
    op.create_table(
        "logo",
        sa.Column("logo_file_id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("logo_file_id", name=op.f("pk_logo")),
    )
