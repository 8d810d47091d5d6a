"""Open items and balances, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Day, Id, Minor, PageQuery, Percent, Schema, Total, Whole
from services.billing.items.rules import ItemKind, ItemStatus


class OfferedDiscount(Schema):
    """What is less of an item where it is paid early."""

    percent = Percent(metadata={"description": "So much less, on part payments, too."})
    until = Day(metadata={"description": "The last day on which money for it is early enough."})
    enough = Minor(metadata={"description": "What is enough then for all that is owed of it."})


class Item(Schema):
    """One instalment of an invoice: the thing that is due. Amounts in minor units of `currency`."""

    item_id = Id("itm", metadata={"description": "The item."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    invoice_id = Id("inv", metadata={"description": "The invoice it is an instalment of."})
    invoice_number = fields.String(metadata={"description": "The number of its invoice."})
    kind = fields.String(
        validate=validate.OneOf(list(ItemKind)),
        metadata={
            "description": "Of an invoice; of a debit note: more owed, or refunded money; or what paying "
            "late costs: a fee, interest, the charge for a letter."
        },
    )
    position = Whole(metadata={"description": "Which instalment of the invoice, from 1."})
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    issued_on = Day(metadata={"description": "The date of its invoice."})
    due_date = Day(metadata={"description": "The day it is due."})
    amount = Minor(metadata={"description": "What was demanded."})
    balance = Minor(metadata={"description": "What is still owed of it."})
    disputed = Minor(metadata={"description": "Of the balance: contested, not to be asked for."})
    in_flight = Minor(metadata={"description": "Of the balance: on its way already."})
    askable = Minor(
        metadata={"description": "What may be asked for: balance - disputed - in_flight."}
    )
    written_off = Minor(metadata={"description": "Of the amount: given up; not in the balance."})
    discount_percent = Percent(
        allow_none=True, metadata={"description": "What is less for paying early, if anything is."}
    )
    discount_until = Day(
        allow_none=True, metadata={"description": "The last day on which money for it is early."}
    )
    discounted_balance = Minor(
        allow_none=True,
        metadata={"description": "What is enough until `discount_until`; null: the balance is."},
    )
    discounts = fields.List(
        fields.Nested(OfferedDiscount),
        metadata={
            "description": "What is less where it is paid early: each stage, the first first."
        },
    )
    status = fields.String(
        validate=validate.OneOf(list(ItemStatus)),
        metadata={"description": "Computed from the amounts."},
    )
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})


class ItemPath(Schema):
    item_id = Id("itm", required=True, metadata={"description": "The item."})


class _ItemFilters(PageQuery):
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(ItemStatus)),
        metadata={
            "description": "Only items that are so: open, paid, void, written off or replaced."
        },
    )
    due_before = Day(load_default=None, metadata={"description": "Only items due before this day."})
    currency = Currency(
        load_default=None,
        metadata={"description": "Only in this currency."},
    )


class ItemQuery(_ItemFilters):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    invoice_id = Id(
        "inv", load_default=None, metadata={"description": "The invoice it is an instalment of."}
    )


class AccountItemQuery(_ItemFilters):
    account_id = Id("acc", required=True, metadata={"description": "The client's account."})


class AccountPath(Schema):
    account_id = Id("acc", required=True, metadata={"description": "The client's account."})


class CurrencyBalance(Schema):
    """What an account owes in one currency, in its minor units."""

    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    open = Total(metadata={"description": "The balances of all its open items."})
    overdue = Total(metadata={"description": "The part of `open` that was due before today."})
    unapplied = Total(metadata={"description": "Its payments and credit notes not yet allocated."})
    balance = Total(metadata={"description": "open - unapplied; below 0 we owe the account money."})
    version = Whole(metadata={"description": "Grows by one with every change."})


class Balance(Schema):
    """What an account owes, by currency."""

    account_id = Id("acc", metadata={"description": "The client's account."})
    balances = fields.List(
        fields.Nested(CurrencyBalance), metadata={"description": "One for each currency ever used."}
    )
