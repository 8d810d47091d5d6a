"""Batches of credit notes, coming in and what became of them."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import EachByItself, Id, Minor, Result, Schema, Whole
from services.billing.batches.schemas import BATCH_MAX
from services.billing.credits.schemas import CreditAccount, CreditInvoice


class CreditNoteToIssue(Schema):
    """A credit note on an invoice, or a free one: what is given to issue it alone."""

    on_invoice = fields.Nested(
        CreditInvoice,
        load_default=None,
        metadata={"description": "It lowers this invoice; either this or `free`."},
    )
    free = fields.Nested(
        CreditAccount,
        load_default=None,
        metadata={"description": "It names no invoice; either this or `on_invoice`."},
    )


class NewCreditNoteBatch(Schema):
    credit_notes = EachByItself(
        fields.Nested(CreditNoteToIssue),
        least=1,
        most=BATCH_MAX,
        required=True,
        metadata={"description": f"1 to {BATCH_MAX}; a broken one does not stop the others."},
    )


class CreditNoteResult(Result):
    """What became of one credit note: issued, with id and number; or refused, with code and reason."""

    credit_note_id = Id("crn", metadata={"description": "The credit note, where it was issued."})
    number = fields.String(metadata={"description": "Its number."})
    total = Minor(metadata={"description": "With tax."})
    unapplied = Minor(metadata={"description": "What of it is set against nothing yet."})


class CreditNoteBatch(Schema):
    """What became of each credit note of a batch."""

    issued = Whole(metadata={"description": "How many were issued."})
    refused = Whole(metadata={"description": "How many were not."})
    results = fields.List(
        fields.Nested(CreditNoteResult),
        metadata={"description": "One for each credit note sent, in their order."},
    )
