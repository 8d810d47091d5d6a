"""Documents of invoices and notes, the copies of them, and whom they are addressed to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_TEXTS = postgresql.ARRAY(sa.Text())


def upgrade() -> None:
    op.create_table("addressee", *_addressed(), sa.PrimaryKeyConstraint("account_id"))
    op.create_table(
        "former_addressee",
        *_addressed(),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "version"),
    )
    op.create_table(
        "contact",
        sa.Column("contact_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("roles", _TEXTS, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
    )
    op.create_table(
        "former_company",
        sa.Column("company_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("addresses", postgresql.JSONB(), nullable=False),
        sa.Column("tax_ids", postgresql.JSONB(), nullable=False),
        sa.Column("email_from", sa.Text(), nullable=True),
        sa.Column("logo_file_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("company_id", "version"),
    )
    _create_document()
    _create_document_copy()


def downgrade() -> None:
    ours = ("document_copy", "document", "former_company")
    for table in (*ours, "contact", "former_addressee", "addressee"):
        op.drop_table(table)


def _addressed() -> list[sa.Column]:
    return [
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("preferred_channel", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=True),
        sa.Column("addresses", postgresql.JSONB(), nullable=False),
        sa.Column("invoice_recipients", _TEXTS, nullable=False),
    ]


def _create_document() -> None:
    op.create_table(
        "document",
        sa.Column("document_id", sa.Text(), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("invoice_id", sa.Text(), sa.ForeignKey("invoice.invoice_id"), nullable=True),
        sa.Column(
            "credit_note_id",
            sa.Text(),
            sa.ForeignKey("credit_note.credit_note_id"),
            nullable=True,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(collation="natural_order"), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sheet", postgresql.JSONB(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=True),
        sa.Column("xml_sha256", sa.Text(), nullable=True),
        sa.Column("lacks", _TEXTS, nullable=False),
        sa.Column("copies", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(invoice_id, credit_note_id) = 1", name=op.f("ck_document_of_one")
        ),
        sa.CheckConstraint("(xml IS NULL) = (xml_sha256 IS NULL)", name=op.f("ck_document_xml")),
        sa.CheckConstraint(
            "(xml IS NULL) = (cardinality(lacks) > 0)", name=op.f("ck_document_lacks")
        ),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_document_invoice_id")),
        sa.UniqueConstraint("credit_note_id", name=op.f("uq_document_credit_note_id")),
    )


def _create_document_copy() -> None:
    op.create_table(
        "document_copy",
        sa.Column("copy_id", sa.Text(), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False, index=True),
        sa.Column("document_id", sa.Text(), sa.ForeignKey("document.document_id"), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="asked", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (status <> 'sent')", name=op.f("ck_document_copy_sent")
        ),
        sa.CheckConstraint(
            "(reason IS NULL) = (status <> 'refused')", name=op.f("ck_document_copy_refused")
        ),
    )
    op.create_index("ix_document_copy_of_day", "document_copy", ["account_id", "asked_on"])
    op.create_index(
        "ix_document_copy_document_id", "document_copy", ["document_id", "place"], unique=True
    )
