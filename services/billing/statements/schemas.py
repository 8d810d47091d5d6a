"""Statements, coming in and going out. Amounts are in minor units of the `currency` beside them."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Flag, Id, Instant, Minor, PageQuery, Schema, Total, Whole
from services.billing.items.rules import ItemKind
from services.billing.ledger.rules import EARLIEST, JournalKind
from services.billing.reports.schemas import known_at


class _Told(Schema):
    account_id = Id("acc", required=True, metadata={"description": "The client's account."})
    currency = Currency(required=True, metadata={"description": "ISO 4217 code."})
    first_day = Day(
        required=True,
        data_key="from",
        validate=validate.Range(min=EARLIEST),
        metadata={"description": "The first day of the period."},
    )
    last_day = Day(
        required=True, data_key="to", metadata={"description": "The last day of the period."}
    )
    known_at = known_at()


class StatementQuery(PageQuery, _Told):
    """Of which days a statement is to tell, and which page of it."""


class StatementPdfQuery(_Told):
    """Of which days a statement is to tell."""

    is_in_one = Flag(
        load_default=False,
        metadata={"description": "With all accounts below it, each under its name."},
    )


class Move(Schema):
    """What moved what an account owes."""

    journal_id = Id("jrn", metadata={"description": "Its journal in the ledger."})
    kind = fields.String(
        validate=validate.OneOf(list(JournalKind)), metadata={"description": "What happened."}
    )
    document_id = fields.String(
        metadata={
            "description": "What it happened by: the invoice, payment or credit note, a refund; where "
            "something was given up, its allocation."
        }
    )
    name = fields.String(
        allow_none=True,
        metadata={"description": "The document's number; a payment's reference, where it has one."},
    )
    for_account_id = Id(
        "acc",
        allow_none=True,
        metadata={"description": "For whom the document is, where not for the account itself."},
    )
    effective_on = Day(metadata={"description": "From which day on it counts."})
    recorded_at = Instant(metadata={"description": "When we learned it."})
    amount = Total(metadata={"description": "What more is owed by it; below 0 less."})
    balance = Total(metadata={"description": "What was owed after it."})


class Statement(Schema):
    """What an account owed before a period and at its end, less what we have of its money, and what moved
    that: opening + all amounts = closing. `items` is a page of the moves, the first first."""

    account_id = Id("acc", metadata={"description": "The client's account."})
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    first_day = Day(data_key="from", metadata={"description": "The first day of the period."})
    last_day = Day(data_key="to", metadata={"description": "The last day of the period."})
    known_at = Instant(metadata={"description": "As known at this moment."})
    opening = Total(metadata={"description": "Owed at the end of the day before the period."})
    closing = Total(metadata={"description": "Owed at the end of the period."})
    items = fields.List(fields.Nested(Move), metadata={"description": "What moved it: a page."})
    has_more = Flag(metadata={"description": "Whether there are moves after these."})
    next_after = fields.String(
        allow_none=True, metadata={"description": "What to give as `after` to get them."}
    )


class OpenItemQuery(PageQuery):
    account_id = Id("acc", required=True, metadata={"description": "The client's account."})
    as_of = Day(
        load_default=None,
        validate=validate.Range(min=EARLIEST),
        metadata={"description": "At the end of this day; today if left out."},
    )
    known_at = known_at()
    currency = Currency(load_default=None, metadata={"description": "Only in this currency."})


class OpenItem(Schema):
    """What was open of an item at the end of a day; in minor units of `currency`."""

    item_id = Id("itm", metadata={"description": "The item."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    invoice_id = Id("inv", metadata={"description": "The invoice it is an instalment of."})
    invoice_number = fields.String(metadata={"description": "The number of its invoice."})
    kind = fields.String(
        validate=validate.OneOf(list(ItemKind)),
        metadata={"description": "Of what kind of document it is."},
    )
    position = Whole(metadata={"description": "Which instalment of the invoice, from 1."})
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    issued_on = Day(metadata={"description": "The date of its invoice."})
    due_date = Day(metadata={"description": "When it was due, as was agreed by then."})
    open = Minor(metadata={"description": "What was open of it."})
