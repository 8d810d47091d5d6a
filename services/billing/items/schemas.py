"""Open items and balances, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Minor, PageQuery, Schema
from services.billing.items.rules import ItemStatus


class Item(Schema):
    """One instalment of an invoice: the thing that is due. Amounts in minor units of `currency`."""

    item_id = Id("itm")
    account_id = Id("acc")
    invoice_id = Id("inv")
    invoice_number = fields.String()
    position = fields.Integer(metadata={"description": "Which instalment of the invoice, from 1."})
    currency = Currency()
    issued_on = Day()
    due_date = Day()
    amount = Minor(metadata={"description": "What was demanded."})
    balance = Minor(metadata={"description": "What is still owed of it."})
    status = fields.String(validate=validate.OneOf(list(ItemStatus)))
    version = fields.Integer()


class ItemPath(Schema):
    item_id = Id("itm", required=True)


class _ItemFilters(PageQuery):
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(ItemStatus)),
        metadata={"description": "Only items that are open, paid or void."},
    )
    due_before = Day(load_default=None, metadata={"description": "Only items due before this day."})
    currency = Currency(load_default=None)


class ItemQuery(_ItemFilters):
    account_id = Id("acc", load_default=None)
    invoice_id = Id("inv", load_default=None)


class AccountItemQuery(_ItemFilters):
    account_id = Id("acc", required=True)


class AccountPath(Schema):
    account_id = Id("acc", required=True)


class CurrencyBalance(Schema):
    """What an account owes in one currency, in its minor units."""

    currency = Currency()
    open = Minor(metadata={"description": "The balances of all its open items."})
    overdue = Minor(metadata={"description": "The part of `open` that was due before today."})
    unapplied = Minor(metadata={"description": "Its payments and credit notes not yet allocated."})
    balance = Minor(metadata={"description": "open - unapplied; below 0 we owe the account money."})
    version = fields.Integer(metadata={"description": "Grows by one with every change."})


class Balance(Schema):
    """What an account owes, by currency."""

    account_id = Id("acc")
    balances = fields.List(fields.Nested(CurrencyBalance))
