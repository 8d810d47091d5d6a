"""The reconciliation, going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Flag, Id, Schema, Total


class ReconciliationQuery(Schema):
    """Nothing is asked: all accounts, as of now."""


class Figure(Schema):
    """One way of figuring an amount, and what it comes to."""

    figure = fields.String(
        metadata={
            "description": "Open: the ledger's receivables, the items, the invoices, what items and "
            "allocations add up to, the balances kept. Unapplied: the ledger, the payments and credit "
            "notes, what their history adds up to, the balances kept. Double entry: debits, credits. "
            "Costs (of paying late): the ledger, what was demanded less what was waived. "
            "Given up: the ledger, the adjustments, what was set against items of them."
        }
    )
    amount = Total(metadata={"description": "In minor units."})


class FigureTotal(Schema):
    """All ways of figuring the same thing, in one currency; they must be equal."""

    check = fields.String(
        validate=validate.OneOf(["open", "unapplied", "double_entry", "costs", "given_up", "tax"]),
        metadata={"description": "What is figured in several ways."},
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    figures = fields.List(
        fields.Nested(Figure), metadata={"description": "Each way, and what it comes to."}
    )


class Difference(FigureTotal):
    """An account for which the figures are not equal."""

    account_id = Id("acc", metadata={"description": "The client's account."})


class Reconciliation(Schema):
    """Sub-ledger against ledger against invoices against balances; no difference is allowed."""

    is_reconciled = Flag(metadata={"description": "Whether there is no difference."})
    differences = fields.List(
        fields.Nested(Difference), metadata={"description": "The first hundred."}
    )
    totals = fields.List(
        fields.Nested(FigureTotal),
        metadata={"description": "By what is figured and currency, over all accounts."},
    )
