"""Batches of invoices, coming in and what became of them."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import EachByItself, Id, Minor, Result, Schema, Whole
from services.billing.invoices.schemas import NewInvoice
from services.billing.issuing.schemas import issued_on

BATCH_MAX = 1000


class InvoiceToIssue(NewInvoice):
    """An invoice to be issued at once."""

    issued_on = issued_on()


class NewInvoiceBatch(Schema):
    invoices = EachByItself(
        fields.Nested(InvoiceToIssue),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class BatchResult(Result):
    """What became of one invoice: issued, with id and number; or refused, with code and reason."""

    invoice_id = Id("inv", metadata={"description": "The invoice, where it was issued."})
    number = fields.String(metadata={"description": "Its number."})
    total = Minor(metadata={"description": "With tax."})


class InvoiceBatch(Schema):
    """What became of each invoice of a batch."""

    issued = Whole(metadata={"description": "How many were issued."})
    refused = Whole(metadata={"description": "How many were not."})
    results = fields.List(
        fields.Nested(BatchResult),
        metadata={"description": "One for each invoice sent, in their order."},
    )
