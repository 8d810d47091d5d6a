"""Credit notes, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Id,
    Instant,
    Minor,
    OneLine,
    PageQuery,
    Schema,
    Text,
    Whole,
)
from services.billing.allocations.schemas import instruction
from services.billing.credits.rules import CreditNoteStatus
from services.billing.pricing.schemas import Line, Rate, new_lines


class _NewCredit(Schema):
    issued_on = Day(
        load_default=None,
        metadata={"description": "Its date: today if left out; may be past, not to come."},
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})
    remedy_id = Id(
        "rem",
        load_default=None,
        metadata={"description": "The remedy of a case that it carries out, if any; once."},
    )


class CreditInvoice(_NewCredit):
    invoice_id = Id(
        "inv", required=True, metadata={"description": "The invoice it lowers, if it names one."}
    )
    amount = Minor(
        load_default=None,
        least=1,
        metadata={
            "description": "Gross, in minor units, divided in the proportion of the invoice's "
            "taxes; all that is left to credit if left out."
        },
    )


class CreditAccount(_NewCredit):
    account_id = Id("acc", required=True, metadata={"description": "The client's account."})
    currency = Currency(
        required=True,
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."},
    )
    lines = new_lines()
    order_id = Id(
        "ord",
        load_default=None,
        metadata={
            "description": "The account's order it is for, if any: what was billed ahead of it at the "
            "same rates of tax is credited first."
        },
    )


class CreditNoteSummary(Schema):
    """A credit note without its lines: total = allocated + refunded + unapplied, in minor units."""

    credit_note_id = Id("crn", metadata={"description": "The credit note."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    number = fields.String(metadata={"description": "Its number, such as CN-2026-000007."})
    invoice_id = Id(
        "inv", allow_none=True, metadata={"description": "The invoice it lowers, if it names one."}
    )
    order_id = Id("ord", allow_none=True, metadata={"description": "The order it is for, if any."})
    remedy_id = Id(
        "rem",
        allow_none=True,
        metadata={"description": "The remedy of a case that it carries out, if any."},
    )
    taken_back = Minor(
        metadata={
            "description": "What of it was billed ahead of shipping, with tax, and will not be taken off "
            "the invoices of shipments any more."
        }
    )
    status = fields.String(
        validate=validate.OneOf(list(CreditNoteStatus)),
        metadata={"description": "Unapplied while some of it is neither allocated nor refunded."},
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    issued_on = Day(metadata={"description": "Its date."})
    net = Minor(metadata={"description": "Without tax."})
    tax = Minor(metadata={"description": "Tax on it."})
    waived = Minor(
        metadata={"description": "Of a fee, interest or letter: what it forgives; no sale, no tax."}
    )
    fee_id = Id("fee", allow_none=True, metadata={"description": "The fee it forgives, if any."})
    total = Minor(metadata={"description": "With tax and what is waived."})
    refunded = Minor(metadata={"description": "Paid out."})
    unapplied = Minor(metadata={"description": "Neither allocated nor refunded yet."})
    reason = fields.String(metadata={"description": "Why, for the record."})
    recorded_at = Instant(metadata={"description": "When we learned of it."})
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})


class CreditNote(CreditNoteSummary):
    """A credit note: total = allocated + refunded + unapplied, in minor units of `currency`."""

    lines = fields.List(
        fields.Nested(Line), metadata={"description": "Only where it names no invoice."}
    )
    rates = fields.List(fields.Nested(Rate), metadata={"description": "Totals by rate of tax."})


class CreditNotePath(Schema):
    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})


class CreditNoteQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    invoice_id = Id(
        "inv",
        load_default=None,
        metadata={"description": "The invoice it lowers, if it names one."},
    )
    number = OneLine(
        longest=40,
        load_default=None,
        metadata={"description": "Exactly this number."},
    )
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(CreditNoteStatus)),
        metadata={"description": "Unapplied while some of it is neither allocated nor refunded."},
    )


class AllocateCreditNote(Schema):
    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})
    instruction = instruction(required=True)


class CreditNoteAllocationQuery(PageQuery):
    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})
