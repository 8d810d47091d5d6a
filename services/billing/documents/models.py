"""Tables: documents with their files, and the copies that were asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import NATURAL, AccountOwned, Aggregate
from services.billing.base import Base
from services.billing.documents.rules import CopyState


class Document(Base, Aggregate, AccountOwned):
    """An invoice, note, receipt or statement as it went to the client: its PDF and, where nothing
    `lacks`, its e-invoice, which may come later; neither is ever changed. `sheet` is what the PDF says
    word for word: copies are drawn of it, and `copies` counts them."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(invoice_id, credit_note_id, payment_id)"
            " = CASE kind WHEN 'statement' THEN 0 ELSE 1 END",
            name="of_one",
        ),
        CheckConstraint("(xml IS NULL) = (xml_sha256 IS NULL)", name="xml"),
        CheckConstraint("(xml IS NULL) = (cardinality(lacks) > 0)", name="lacks"),
    )

    document_id: Mapped[str] = mapped_column(primary_key=True)
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoice.invoice_id"), unique=True)
    credit_note_id: Mapped[str | None] = mapped_column(
        ForeignKey("credit_note.credit_note_id"), unique=True
    )
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payment.payment_id"), unique=True)
    kind: Mapped[str]
    number: Mapped[str] = mapped_column(NATURAL)
    issued_on: Mapped[date]
    language: Mapped[str]
    sheet: Mapped[dict[str, Any]] = mapped_column(JSONB, deferred=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf_sha256: Mapped[str]
    xml: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    xml_sha256: Mapped[str | None]
    lacks: Mapped[list[str]] = mapped_column(ARRAY(Text))
    copies: Mapped[int] = mapped_column(server_default=text("0"))
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class DocumentCopy(Base, Aggregate, AccountOwned):
    """A copy that somebody asked to have sent: the `place`-th of its document."""

    __tablename__ = "document_copy"
    __table_args__ = (
        Index("ix_document_copy_of_day", "account_id", "asked_on"),
        Index("ix_document_copy_document_id", "document_id", "place", unique=True),
        CheckConstraint("(sent_at IS NULL) = (status <> 'sent')", name="sent"),
        CheckConstraint("(reason IS NULL) = (status <> 'refused')", name="refused"),
    )

    copy_id: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.document_id"))
    place: Mapped[int]
    recipient: Mapped[str]
    contact_id: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=CopyState.ASKED)
    reason: Mapped[str | None]
    asked_on: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    sent_at: Mapped[datetime | None]
