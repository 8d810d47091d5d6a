"""What is heard of invoices and credit notes, with only the fields that are needed.

Days are taken as billing has them: what was issued before days had bounds is issued."""

from __future__ import annotations

from marshmallow import EXCLUDE, fields

from chassis.events import Subscription
from chassis.fields import Currency, Flag, Id, Minor, Schema, SignedQuantity, Whole


class BilledLine(Schema):
    """A line of an invoice."""

    class Meta:
        unknown = EXCLUDE

    position = Whole(required=True)
    description = fields.String(required=True)
    quantity = SignedQuantity(required=True)
    unit_price = Minor(required=True)
    net = Minor(required=True)
    order_line_id = Id("orl", load_default=None, allow_none=True)


class _Invoice(Subscription):
    account_id = Id("acc", required=True)
    invoice_id = Id("inv", required=True)
    number = fields.String(required=True)
    currency = Currency(required=True)


class _Billed(_Invoice):
    for_account_id = Id("acc", load_default=None, allow_none=True)
    issued_on = fields.Date(required=True)
    net = Minor(required=True)
    total = Minor(required=True)
    order_id = Id("ord", required=True, allow_none=True)
    lines = fields.List(fields.Nested(BilledLine), load_default=None)


class InvoiceIssued(_Billed, source="billing"):
    """An invoice was issued. Before the lines were told there were none."""

    is_void = fields.Constant(False)  # noqa: FBT003


class InvoiceIntroduced(_Billed, source="billing"):
    """An invoice is like this."""

    is_void = Flag(required=True)


class InvoiceVoided(_Invoice, source="billing"):
    """An invoice was cancelled; what it was is known, or will be."""

    is_void = fields.Constant(True)  # noqa: FBT003


INVOICES = (InvoiceIssued, InvoiceIntroduced, InvoiceVoided)


class _CreditNote(Subscription):
    account_id = Id("acc", required=True)
    for_account_id = Id("acc", load_default=None, allow_none=True)
    credit_note_id = Id("crn", required=True)
    invoice_id = Id("inv", required=True, allow_none=True)
    currency = Currency(required=True)
    issued_on = fields.Date(required=True)
    net = Minor(required=True)


class CreditNoteIssued(_CreditNote, source="billing"):
    """A credit note was issued."""

    is_void = fields.Constant(False)  # noqa: FBT003


class CreditNoteIntroduced(_CreditNote, source="billing"):
    """A credit note is like this."""

    is_void = Flag(load_default=False)


class CreditNoteVoided(_CreditNote, source="billing"):
    """A credit note was issued in error."""

    is_void = fields.Constant(True)  # noqa: FBT003


CREDIT_NOTES = (CreditNoteIssued, CreditNoteIntroduced, CreditNoteVoided)
