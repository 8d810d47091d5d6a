"""What comes in and goes out about receivables."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Flag, Id, Minor, PageQuery, Schema
from services.collections.receivables.rules import ItemStatus


class ReceivableQuery(PageQuery):
    """Which receivables to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(ItemStatus)),
        metadata={"description": "Only items in this state."},
    )


class Receivable(Schema):
    """An open item as collections sees it."""

    item_id = Id("itm", metadata={"description": "The item: one instalment of an invoice."})
    account_id = Id("acc", metadata={"description": "Who owes it."})
    invoice_id = Id("inv", metadata={"description": "The invoice it is part of."})
    invoice_number = fields.String(metadata={"description": "The invoice's number."})
    kind = fields.String(
        metadata={
            "description": "Of what: an invoice, a debit note; a fee, interest or letter, which is what "
            "paying late costs."
        }
    )
    issued_on = Day(
        allow_none=True,
        metadata={
            "description": "When it was issued; null where collections has not heard of that day, "
            "as before version 1.2.0."
        },
    )
    due_date = Day(metadata={"description": "When it is to be paid at the latest."})
    currency = Currency(metadata={"description": "Of the amounts beside it."})
    amount = Minor(metadata={"description": "What was asked for."})
    balance = Minor(metadata={"description": "What is still owed."})
    disputed = Minor(metadata={"description": "Of the balance: contested, not to be asked for."})
    in_flight = Minor(metadata={"description": "Of the balance: on its way already."})
    askable = Minor(
        metadata={
            "description": "What may be asked for, less unapplied credit: balance - disputed - in_flight."
        }
    )
    written_off = Minor(metadata={"description": "Of the amount: given up; not in the balance."})
    status = fields.String(
        validate=validate.OneOf(list(ItemStatus)), metadata={"description": "Its state."}
    )
    is_in_collections = Flag(
        metadata={"description": "Handed over: the dunning procedure is silent about it."}
    )
