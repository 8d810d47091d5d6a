"""The tax report, coming in and going out. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, PageQuery, Percent, Schema, Total, Whole
from services.billing.ledger.rules import JournalKind
from services.billing.pricing.schemas import tax_code
from services.billing.reports.schemas import Period, PeriodQuery

KINDS = (
    JournalKind.INVOICE_ISSUED,
    JournalKind.INVOICE_VOIDED,
    JournalKind.CREDIT_NOTE_ISSUED,
    JournalKind.CREDIT_NOTE_VOIDED,
    JournalKind.ALLOCATION_MADE,  # a discount for paying early, set against its item
    JournalKind.ALLOCATION_REVERSED,
)


class TaxQuery(PeriodQuery):
    currency = Currency(load_default=None, metadata={"description": "Only in this currency."})


class TaxDocumentQuery(PeriodQuery, PageQuery):
    currency = Currency(required=True, metadata={"description": "The figure's currency."})
    tax_code = tax_code(required=True)
    tax_percent = Percent(required=True, metadata={"description": "The figure's rate of tax."})


class Figures(Schema):
    """Net and tax at one code and percentage. Lines below nothing of an invoice count as credited, what
    is taken off as billed ahead does not: it lowers what is invoiced, as it was invoiced before."""

    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    tax_code = tax_code()
    tax_percent = Percent(metadata={"description": "Rate of tax."})
    invoiced_net = Total(metadata={"description": "Invoiced, less voided; the base."})
    invoiced_tax = Total(
        metadata={"description": "Tax on it: that of the documents, and credited."}
    )
    credited_net = Total(
        metadata={"description": "Credited, less voided; and less for paying early."}
    )
    credited_tax = Total(metadata={"description": "Tax on it, rounded as the document is."})
    net = Total(metadata={"description": "invoiced_net - credited_net."})
    tax = Total(metadata={"description": "invoiced_tax - credited_tax: as the ledger has it."})


class TaxFigures(Figures):
    """What was invoiced and credited at one code and percentage."""

    documents = Whole(
        metadata={"description": "How many documents are behind it, voided ones too."}
    )


class Tax(Period):
    """What was invoiced and credited in a period."""

    rates = fields.List(
        fields.Nested(TaxFigures),
        metadata={"description": "By currency, percentage and code; those without any left out."},
    )


class TaxDocument(Figures):
    """What a document brings to a figure; once more, with the signs turned, where it was voided."""

    kind = fields.String(
        validate=validate.OneOf(KINDS), metadata={"description": "What happened, as journals say."}
    )
    document_id = fields.String(metadata={"description": "The invoice, credit note or discount."})
    number = fields.String(metadata={"description": "Its number; a discount has none but its id."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    effective_on = Day(metadata={"description": "On which day it counts: of issue, or of voiding."})
