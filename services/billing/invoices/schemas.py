"""Invoices, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Instant, Minor, PageQuery, Schema, Text
from services.billing.invoices.rules import InvoiceStatus
from services.billing.items.schemas import Item
from services.billing.pricing.schemas import Line, Rate, new_lines
from services.billing.terms.schemas import Terms


class NewInvoice(Terms):
    """An invoice to be."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)
    lines = new_lines()
    number = Text(
        load_default=None,
        longest=40,
        metadata={
            "description": "The number of an invoice numbered elsewhere, kept as it is; left out, "
            "the next number of the year is given at issue."
        },
    )
    series = Text(
        load_default=None,
        longest=40,
        metadata={
            "description": "With `number`: where it was numbered, 'external' if left out. A number "
            "occurs once in a series."
        },
    )
    order_id = Id("ord", load_default=None)


class InvoiceSummary(Schema):
    """An invoice without its lines; amounts in minor units of `currency`."""

    invoice_id = Id("inv")
    account_id = Id("acc")
    number = fields.String(
        allow_none=True, metadata={"description": "Null until issue, unless it was given."}
    )
    series = fields.String()
    status = fields.String(validate=validate.OneOf(list(InvoiceStatus)))
    currency = Currency()
    issued_on = Day(allow_none=True)
    net = Minor()
    tax = Minor()
    total = Minor()
    balance = Minor(metadata={"description": "What is still owed of it."})
    credited = Minor(metadata={"description": "What credit notes have lowered it by."})
    paid_on = Day(allow_none=True, metadata={"description": "The value date of what settled it."})
    voided_on = Day(allow_none=True)
    void_reason = fields.String(allow_none=True)
    shipment_id = Id("shp", allow_none=True)
    order_id = Id("ord", allow_none=True)
    recorded_at = Instant(allow_none=True, metadata={"description": "When its issue was recorded."})
    version = fields.Integer()


class Invoice(InvoiceSummary):
    """An invoice; amounts in minor units of `currency`."""

    lines = fields.List(fields.Nested(Line))
    rates = fields.List(fields.Nested(Rate), metadata={"description": "Totals by rate of tax."})
    items = fields.List(
        fields.Nested(Item),
        metadata={"description": "Its instalments, once issued: what is due when."},
    )


class InvoicePath(Schema):
    invoice_id = Id("inv", required=True)


class VoidInvoice(Schema):
    invoice_id = Id("inv", required=True)
    reason = Text(required=True, longest=500)


class InvoiceQuery(PageQuery):
    account_id = Id("acc", load_default=None)
    status = fields.String(load_default=None, validate=validate.OneOf(list(InvoiceStatus)))
    number = fields.String(
        load_default=None,
        validate=validate.Length(max=40),
        metadata={"description": "Exactly this number."},
    )
    order_id = Id("ord", load_default=None)
    shipment_id = Id("shp", load_default=None)
    issued_from = Day(load_default=None)
    issued_to = Day(load_default=None)
