"""What comes in and goes out about documents."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Day, Email, Id, Instant, PageQuery, Schema, Whole
from services.billing.document_facts.rules import DocumentKind
from services.billing.documents.rules import CopyState


class InvoiceId(Schema):
    """Names an invoice, debit note or demand of costs."""

    invoice_id = Id("inv", required=True)


class CreditNoteId(Schema):
    """Names a credit note."""

    credit_note_id = Id("crn", required=True)


class DocumentId(Schema):
    """Names a document."""

    document_id = Id("doc", required=True)


class DocumentQuery(PageQuery):
    """Which documents to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    kind = fields.String(
        load_default=None,
        validate=validate.OneOf(list(DocumentKind)),
        metadata={"description": "Only documents of this kind."},
    )


class CopiesQuery(PageQuery):
    """A page of a document's copies."""

    document_id = Id("doc", required=True)


class AskCopy(DocumentId):
    """To whom a copy is to go: a contact who gets the account's invoices (`invoice_recipients`), or the
    account's own address; to the first of them where neither is named."""

    contact_id = Id("con", load_default=None, metadata={"description": "To this contact."})
    email = Email(load_default=None, metadata={"description": "To this address."})


class Document(Schema):
    """An invoice, note, receipt or statement as it went to the client, made once and never changed."""

    document_id = Id("doc", metadata={"description": "The document."})
    version = Whole(metadata={"description": "Grows with every copy."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    invoice_id = Id("inv", allow_none=True, metadata={"description": "What it is of."})
    credit_note_id = Id("crn", allow_none=True, metadata={"description": "What it is of."})
    payment_id = Id("pay", allow_none=True, metadata={"description": "Whose receipt it is."})
    kind = fields.String(
        validate=validate.OneOf(list(DocumentKind)), metadata={"description": "What it is."}
    )
    number = fields.String(metadata={"description": "The number people read."})
    issued_on = Day(metadata={"description": "The day it is of."})
    language = fields.String(metadata={"description": "What it is written in (BCP 47)."})
    pdf_sha256 = fields.String(metadata={"description": "SHA-256 of the PDF, in hexadecimal."})
    xml_sha256 = fields.String(
        allow_none=True, metadata={"description": "SHA-256 of the e-invoice; null for none."}
    )
    lacks = fields.List(
        fields.String(), metadata={"description": "What kept an e-invoice from being made."}
    )
    copies = Whole(metadata={"description": "How many copies were asked for."})
    made_by = fields.String(metadata={"description": "Who asked for it first."})
    made_at = Instant(metadata={"description": "When it was made."})


class DocumentCopy(Schema):
    """A copy of a document that was asked for."""

    copy_id = Id("dcp", metadata={"description": "The copy."})
    version = Whole(metadata={"description": "Grows when it is sent."})
    document_id = Id("doc", metadata={"description": "Of which document."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    place = Whole(metadata={"description": "The first, second … copy of it."})
    recipient = fields.String(metadata={"description": "The e-mail address."})
    contact_id = Id(
        "con", allow_none=True, metadata={"description": "Whose that is; null: the account's own."}
    )
    status = fields.String(
        validate=validate.OneOf(list(CopyState)),
        metadata={
            "description": "asked: on its way; sent: our mail server took it; refused for good."
        },
    )
    reason = fields.String(allow_none=True, metadata={"description": "Why it was refused."})
    asked_by = fields.String(metadata={"description": "Who asked for it."})
    asked_at = Instant(metadata={"description": "When."})
    sent_at = Instant(allow_none=True, metadata={"description": "When it went out."})
