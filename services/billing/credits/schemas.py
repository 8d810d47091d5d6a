"""Credit notes, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, Minor, PageQuery, Schema, Text
from services.billing.allocations.schemas import instruction
from services.billing.credits.rules import CreditNoteStatus
from services.billing.pricing.schemas import Line, Rate, new_lines


class _NewCredit(Schema):
    issued_on = Day(
        load_default=None,
        metadata={"description": "Its date: today if left out; may be past, not to come."},
    )
    reason = Text(required=True, longest=500)


class CreditInvoice(_NewCredit):
    invoice_id = Id("inv", required=True)
    amount = Minor(
        load_default=None,
        least=1,
        metadata={
            "description": "Gross, in minor units, divided in the proportion of the invoice's "
            "taxes; all that is left to credit if left out."
        },
    )


class CreditAccount(_NewCredit):
    account_id = Id("acc", required=True)
    currency = Currency(required=True)
    lines = new_lines()


class CreditNoteSummary(Schema):
    """A credit note without its lines: total = allocated + refunded + unapplied, in minor units."""

    credit_note_id = Id("crn")
    account_id = Id("acc")
    number = fields.String()
    invoice_id = Id("inv", allow_none=True)
    status = fields.String(validate=validate.OneOf(list(CreditNoteStatus)))
    currency = Currency()
    issued_on = Day()
    net = Minor()
    tax = Minor()
    total = Minor()
    refunded = Minor(metadata={"description": "Paid out."})
    unapplied = Minor(metadata={"description": "Neither allocated nor refunded yet."})
    reason = fields.String()
    recorded_at = Instant()
    version = fields.Integer()


class CreditNote(CreditNoteSummary):
    """A credit note: total = allocated + refunded + unapplied, in minor units of `currency`."""

    lines = fields.List(
        fields.Nested(Line), metadata={"description": "Only where it names no invoice."}
    )
    rates = fields.List(fields.Nested(Rate), metadata={"description": "Totals by rate of tax."})


class CreditNotePath(Schema):
    credit_note_id = Id("crn", required=True)


class CreditNoteQuery(PageQuery):
    account_id = Id("acc", load_default=None)
    invoice_id = Id("inv", load_default=None)
    number = fields.String(
        load_default=None,
        validate=validate.Length(max=40),
        metadata={"description": "Exactly this number."},
    )
    status = fields.String(load_default=None, validate=validate.OneOf(list(CreditNoteStatus)))


class AllocateCreditNote(Schema):
    credit_note_id = Id("crn", required=True)
    instruction = instruction(required=True)


class CreditNoteAllocationQuery(PageQuery):
    credit_note_id = Id("crn", required=True)
