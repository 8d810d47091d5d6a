"""Invoices, coming in and going out."""

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
    Whole,
)
from services.billing.invoices.rules import InvoiceStatus
from services.billing.items.rules import ItemKind
from services.billing.items.schemas import Item
from services.billing.pricing.schemas import Line, Rate, legal_texts, new_lines
from services.billing.taxes.rules import Rounding
from services.billing.terms.schemas import Terms

CLIENT_ORDER_NUMBER = {
    "description": "What the client calls the order it is for; stands on the invoice."
}


class NewInvoice(Terms):
    """An invoice to be."""

    account_id = Id("acc", required=True, metadata={"description": "The client's account."})
    currency = Currency(
        required=True,
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."},
    )
    lines = new_lines()
    number = OneLine(
        load_default=None,
        longest=40,
        metadata={
            "description": "The number of an invoice numbered elsewhere, kept as it is; left out, "
            "the next number of the year is given at issue."
        },
    )
    series = OneLine(
        load_default=None,
        longest=40,
        metadata={
            "description": "With `number`: where it was numbered, 'external' if left out. A number "
            "occurs once in a series."
        },
    )
    order_id = Id(
        "ord",
        load_default=None,
        metadata={
            "description": "The account's order that it bills ahead of shipping, if any: what it comes "
            "to is taken off the invoices of the order's shipments. None, for an extra charge."
        },
    )
    client_order_number = OneLine(
        load_default=None, longest=100, allow_none=True, metadata=CLIENT_ORDER_NUMBER
    )


class InvoiceSummary(Schema):
    """An invoice without its lines; amounts in minor units of `currency`."""

    invoice_id = Id("inv", metadata={"description": "The invoice."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    number = fields.String(
        allow_none=True, metadata={"description": "Null until issue, unless it was given."}
    )
    series = fields.String(
        metadata={
            "description": "Where it was numbered: those called as a kind of document are here."
        }
    )
    kind = fields.String(
        validate=validate.OneOf(list(ItemKind)),
        metadata={
            "description": "A debit note raises another invoice, or claims back what was refunded out "
            "of a payment that was reversed later. What paying late costs sells nothing: a fee, "
            "interest, a letter."
        },
    )
    status = fields.String(
        validate=validate.OneOf(list(InvoiceStatus)),
        metadata={"description": "Computed from dates and amounts."},
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    for_account_id = Id(
        "acc",
        allow_none=True,
        metadata={"description": "For whom it is, where that is not who pays (`account_id`)."},
    )
    issued_on = Day(allow_none=True, metadata={"description": "Its date; null until issued."})
    net = Minor(metadata={"description": "Without tax."})
    tax = Minor(metadata={"description": "Tax on it."})
    total = Minor(metadata={"description": "With tax: what is demanded."})
    balance = Minor(metadata={"description": "What is still owed of it."})
    credited = Minor(metadata={"description": "What credit notes have lowered it by."})
    written_off = Minor(metadata={"description": "What of it was given up; not in the balance."})
    taken_off = Minor(
        metadata={
            "description": "What was billed ahead of the shipment and is taken off, with tax; total "
            "is what is left."
        }
    )
    reclaimed = Minor(
        metadata={"description": "Of a debit note: what it claims back; net + tax + this is total."}
    )
    refund_id = Id(
        "rfd",
        allow_none=True,
        metadata={"description": "Of a debit note: the refund it claims back."},
    )
    raises_invoice_id = Id(
        "inv", allow_none=True, metadata={"description": "Of a debit note: the invoice it raises."}
    )
    assessed = Minor(
        metadata={"description": "Of a fee, interest or letter: what it comes to, free of tax."}
    )
    fee_id = Id(
        "fee",
        allow_none=True,
        metadata={"description": "Of a fee, interest or letter: what collections assessed."},
    )
    notice_id = Id(
        "dnt",
        allow_none=True,
        metadata={"description": "Of a fee, interest or letter: the notice it came with."},
    )
    paid_on = Day(allow_none=True, metadata={"description": "The value date of what settled it."})
    voided_on = Day(allow_none=True, metadata={"description": "The day it was voided, if it was."})
    void_reason = fields.String(allow_none=True, metadata={"description": "Why it was voided."})
    shipment_id = Id(
        "shp", allow_none=True, metadata={"description": "The shipment it is for, if any."}
    )
    order_id = Id("ord", allow_none=True, metadata={"description": "The order it is for, if any."})
    payment_terms_id = Id(
        "ptm",
        allow_none=True,
        metadata={"description": "The terms that it named; it keeps what they said then."},
    )
    client_order_number = fields.String(allow_none=True, metadata=CLIENT_ORDER_NUMBER)
    billing_run_id = Id(
        "brn", allow_none=True, metadata={"description": "The billing run that made it, if any."}
    )
    edited_by = fields.String(
        allow_none=True,
        metadata={"description": "Who edited the draft that a billing run had made, last."},
    )
    edited_at = Instant(allow_none=True, metadata={"description": "When."})
    recorded_at = Instant(allow_none=True, metadata={"description": "When its issue was recorded."})
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})


class InvoiceLine(Line):
    """A line of an invoice and what it comes to."""

    billable_id = Id(
        "bil",
        allow_none=True,
        metadata={"description": "What was to be billed and is by this line."},
    )
    service_from = Day(
        allow_none=True, metadata={"description": "Of a service: the first day that it bills."}
    )
    service_until = Day(allow_none=True, metadata={"description": "The last day that it bills."})
    shipment_id = Id(
        "shp",
        allow_none=True,
        metadata={"description": "The shipment it bills, of an invoice that bills several."},
    )


class Invoice(InvoiceSummary):
    """An invoice; amounts in minor units of `currency`."""

    lines = fields.List(
        fields.Nested(InvoiceLine), metadata={"description": "What is demanded for what."}
    )
    rates = fields.List(fields.Nested(Rate), metadata={"description": "Totals by rate of tax."})
    tax_rounding = fields.String(
        validate=validate.OneOf(list(Rounding)),
        metadata={
            "description": "What its tax was rounded by: document, once for each rate; line, for each "
            "line. Credit notes of it go on so."
        },
    )
    legal_texts = legal_texts()
    items = fields.List(
        fields.Nested(Item),
        metadata={"description": "Its instalments, once issued: what is due when."},
    )


class InvoicePath(Schema):
    invoice_id = Id("inv", required=True, metadata={"description": "The invoice."})


class InvoiceQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    for_account_id = Id(
        "acc",
        load_default=None,
        metadata={"description": "Only those that another account pays for this one."},
    )
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(InvoiceStatus)),
        metadata={"description": "Computed from dates and amounts."},
    )
    kind = fields.String(
        load_default=None,
        validate=validate.OneOf(list(ItemKind)),
        metadata={"description": "Only documents of this kind."},
    )
    number = OneLine(
        longest=40,
        load_default=None,
        metadata={"description": "Exactly this number."},
    )
    fee_id = Id(
        "fee",
        load_default=None,
        metadata={"description": "Those that demanded this fee, before and after it was waived."},
    )
    order_id = Id(
        "ord", load_default=None, metadata={"description": "The order it is for, if any."}
    )
    shipment_id = Id(
        "shp", load_default=None, metadata={"description": "The shipment it is for, if any."}
    )
    billing_run_id = Id(
        "brn", load_default=None, metadata={"description": "The billing run that made it."}
    )
    issued_from = Day(load_default=None, metadata={"description": "Issued on this day or later."})
    issued_to = Day(load_default=None, metadata={"description": "Issued on this day or earlier."})
