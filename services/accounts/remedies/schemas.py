"""What comes in and goes out about remedies."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    ListOf,
    Minor,
    Money,
    OneLine,
    PageQuery,
    Quantity,
    Schema,
    Text,
    Total,
    Whole,
)
from services.accounts.remedies.rules import CarriedOutAs, RemedyKind, RemedyStatus

KIND = {
    "description": "Billing carries out credit and goodwill, sales return and replacement. Goodwill is "
    "held to the account's yearly budget."
}
INVOICE = {"description": "The invoice it is of; needed for lines."}
REASON = {"description": "What it is for, in words."}
POSITION = {"description": "The line's place on the invoice."}
QUANTITY = {"description": "Of how much of the line."}
EXECUTED_AS = {"description": "What carried it out."}
CARRIED_OUT_BY = {"description": "That thing's id or number."}
IS_RETURNED = {
    "description": "Whether these goods come back. In a return they do unless it is said that they do "
    "not, where only the price of a line is lowered; otherwise they never do."
}


class AskedLine(Schema):
    """A part of an invoice's line that is to be made good."""

    position = Whole(least=1, required=True, metadata=POSITION)
    quantity = Quantity(required=True, metadata=QUANTITY)
    unit_price = Minor(
        least=0,
        load_default=None,
        allow_none=True,
        metadata={"description": "What of each is made good, net: at most its price, which it is."},
    )
    is_returned = Flag(load_default=None, allow_none=True, metadata=IS_RETURNED)


class GiveRemedy(Schema):
    """What the client is to be given: by lines of an invoice, net, or a sum, with tax."""

    case_id = Id("cas", required=True)
    kind = fields.Enum(RemedyKind, by_value=True, required=True, metadata=KIND)
    invoice_id = Id("inv", load_default=None, allow_none=True, metadata=INVOICE)
    lines = ListOf(
        fields.Nested(AskedLine),
        most=500,
        load_default=(),
        metadata={"description": "What of which lines, net; empty for a sum."},
    )
    amount = Money(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"description": "A sum, with tax, in place of lines."},
    )
    reason = Text(longest=500, required=True, metadata=REASON)

    example: ClassVar = {
        "kind": "credit",
        "amount": {"amount": 3800, "currency": "EUR"},
        "reason": "Two of the lamps came broken.",
    }


class RemedyId(Schema):
    """One remedy."""

    remedy_id = Id("rem", required=True)


class ApproveRemedy(RemedyId):
    """One remedy, and what is to be remembered of the decision."""

    note = Text(
        longest=500,
        load_default=None,
        allow_none=True,
        metadata={"description": "What is to be remembered of it."},
    )


class ExplainRemedy(RemedyId):
    """One remedy, and why."""

    reason = Text(longest=500, required=True, metadata={"description": "Why."})


class ExecuteRemedy(RemedyId):
    """What carried it out."""

    executed_as = fields.Enum(CarriedOutAs, by_value=True, required=True, metadata=EXECUTED_AS)
    carried_out_by = OneLine(
        longest=100, load_default=None, allow_none=True, metadata=CARRIED_OUT_BY
    )


class RemedyLine(Schema):
    """A part of an invoice's line that is made good."""

    position = Whole(required=True, metadata=POSITION)
    description = fields.String(required=True, metadata={"description": "The line's."})
    quantity = Quantity(required=True, metadata=QUANTITY)
    unit_price = Minor(required=True, metadata={"description": "What of each, net."})
    amount = Minor(required=True, metadata={"description": "quantity × unit_price, net."})
    is_returned = Flag(required=True, metadata=IS_RETURNED)


class Remedy(Schema):
    """What a client is given for what went wrong."""

    remedy_id = Id("rem", required=True)
    account_id = Id("acc", required=True)
    case_id = Id("cas", required=True)
    version = Whole(required=True)
    kind = fields.Enum(RemedyKind, by_value=True, required=True, metadata=KIND)
    status = fields.Enum(RemedyStatus, by_value=True, required=True)
    is_by_lines = Flag(
        required=True,
        metadata={"description": "Whether it is by lines, net; else by a sum, with tax."},
    )
    currency = Currency(required=True)
    amount = Minor(required=True, metadata={"description": "What it comes to; minor units."})
    invoice_id = Id("inv", required=True, allow_none=True, metadata=INVOICE)
    invoice_number = fields.String(required=True, allow_none=True)
    order_id = Id("ord", required=True, allow_none=True)
    lines = fields.List(fields.Nested(RemedyLine), required=True)
    reason = fields.String(required=True, metadata=REASON)
    asked_by = fields.String(required=True, metadata={"description": "Who proposed it."})
    asked_at = Instant(required=True)
    approver_id = Id(
        "stf",
        required=True,
        allow_none=True,
        metadata={
            "description": "Whose decision it waits or waited for; null: nobody's, or nobody above may."
        },
    )
    granted_on = Day(required=True, allow_none=True)
    approved_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who approved it; null: it was within the authority, or was not."},
    )
    approval_note = fields.String(required=True, allow_none=True)
    executed_at = Instant(required=True, allow_none=True)
    executed_by = fields.String(required=True, allow_none=True)
    executed_as = fields.Enum(
        CarriedOutAs, by_value=True, required=True, allow_none=True, metadata=EXECUTED_AS
    )
    carried_out_by = fields.String(required=True, allow_none=True, metadata=CARRIED_OUT_BY)
    ended_at = Instant(required=True, allow_none=True)
    ended_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who declined, withdrew or refused it."},
    )
    ended_code = fields.String(
        required=True, allow_none=True, metadata={"description": "A refusal, for programs."}
    )
    ended_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why, in words."}
    )


class RemedyQuery(PageQuery):
    """Which remedies to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    case_id = Id("cas", load_default=None, metadata={"description": "Only this case's."})
    status = fields.Enum(
        RemedyStatus, by_value=True, load_default=None, metadata={"description": "Only these."}
    )
    approver_id = Id(
        "stf",
        load_default=None,
        metadata={"description": "Only those whose decision is or was this person's."},
    )


class GoodwillQuery(Schema):
    """Of which account, in which currency."""

    account_id = Id("acc", required=True)
    currency = Currency(required=True)


class Goodwill(GoodwillQuery):
    """How much goodwill an account may be given today; minor units."""

    billed_net = Total(
        required=True,
        metadata={"description": "What it was billed net in the last twelve months."},
    )
    budget = Total(required=True, metadata={"description": "What may be given for that."})
    used = Total(required=True, metadata={"description": "What was given in these months."})
    left = Total(required=True, metadata={"description": "What is left of the budget."})


class CostQuery(Schema):
    """Of which days, and whose."""

    from_on = Day(required=True, data_key="from", metadata={"description": "The first day."})
    to_on = Day(
        required=True,
        data_key="to",
        metadata={"description": "The last day; at most 366 days in all."},
    )
    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})


class Cost(Schema):
    """What remedies of one month, cause, product and currency cost."""

    month = fields.String(required=True, metadata={"description": "As 2026-04."})
    case_cause_id = Id(
        "cau", required=True, allow_none=True, metadata={"description": "The cause, as diagnosed."}
    )
    cause = fields.String(
        required=True, allow_none=True, metadata={"description": "The cause's name."}
    )
    product = fields.String(
        required=True, allow_none=True, metadata={"description": "The product, as diagnosed."}
    )
    currency = Currency(required=True)
    remedies = Whole(required=True, metadata={"description": "How many."})
    net = Total(required=True, metadata={"description": "Those by lines, without tax."})
    gross = Total(required=True, metadata={"description": "Those by a sum, with tax."})


class Costs(Schema):
    """What remedies cost that were granted in a period and not refused."""

    from_on = Day(required=True, data_key="from")
    to_on = Day(required=True, data_key="to")
    items = fields.List(fields.Nested(Cost), required=True)
