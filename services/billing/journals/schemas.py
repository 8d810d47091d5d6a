"""Journals going out, and whose they are."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, PageQuery, Schema, Total
from services.billing.ledger.rules import JournalKind, LedgerAccount


class Entry(Schema):
    """One amount on one ledger account."""

    ledger_account = fields.String(
        validate=validate.OneOf(list(LedgerAccount)),
        metadata={"description": "Where it is booked."},
    )
    amount = Total(metadata={"description": "Debit above 0, credit below."})


class Journal(Schema):
    """One thing that happened, as amounts in minor units of one currency that sum to zero."""

    journal_id = Id("jrn", metadata={"description": "The journal."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    kind = fields.String(
        validate=validate.OneOf(list(JournalKind)), metadata={"description": "What happened."}
    )
    document_id = fields.String(
        metadata={
            "description": "What it happened by: the invoice, payment or credit note, an allocation, "
            "a refund."
        }
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    effective_on = Day(metadata={"description": "From which day on it counts."})
    recorded_at = Instant(metadata={"description": "When we learned it."})
    entries = fields.List(fields.Nested(Entry), metadata={"description": "They sum to zero."})


class InvoiceJournalQuery(PageQuery):
    invoice_id = Id("inv", required=True, metadata={"description": "The invoice."})


class PaymentJournalQuery(PageQuery):
    payment_id = Id("pay", required=True, metadata={"description": "The payment."})


class CreditNoteJournalQuery(PageQuery):
    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})


class RefundJournalQuery(PageQuery):
    refund_id = Id("rfd", required=True, metadata={"description": "The refund."})
