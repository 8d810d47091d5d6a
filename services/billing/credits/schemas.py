"""Credit notes, coming in and going out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    ListOf,
    Minor,
    OneLine,
    PageQuery,
    Percent,
    Schema,
    SignedQuantity,
    Text,
    Whole,
)
from services.billing.allocations.schemas import instruction
from services.billing.credits.rules import CreditNoteStatus
from services.billing.pricing.schemas import LINES_MAX, Line, Rate, legal_texts, new_lines
from services.billing.taxes.rules import TaxCode


class _NewCredit(Schema):
    issued_on = Day(
        load_default=None,
        metadata={"description": "Its date: today if left out; may be past, not to come."},
    )
    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})
    remedy_id = Id(
        "rem",
        load_default=None,
        metadata={"description": "The remedy of a case that it carries out, if any; once."},
    )
    return_id = Id(
        "ret",
        load_default=None,
        metadata={"description": "The return of goods that it is for, if any; once."},
    )
    return_part = Whole(
        least=1,
        load_default=1,
        metadata={
            "description": "Which part of that return, where it came back in several; each is credited "
            "once."
        },
    )


class LineToCredit(Schema):
    """What of an invoice's line is credited: a quantity at its price or, with a unit price, what its
    price is lowered by. Lowering it leaves the quantity billed; what comes back is credited without."""

    position = Whole(
        required=True, least=1, metadata={"description": "The line's place on the invoice."}
    )
    quantity = SignedQuantity(
        load_default=None,
        metadata={
            "description": "Of how much of it; below 0 of a line that takes something off. All that is "
            "left of it if left out."
        },
    )
    unit_price = Minor(
        least=1,
        load_default=None,
        metadata={
            "description": "What the price of each is lowered by, net, at most its price. Left out, the "
            "quantity is credited, at what is left of its price after it was lowered before."
        },
    )

    kept_back = Minor(
        load_default=0,
        least=0,
        metadata={
            "description": "What is kept back of it, net: a restocking fee, which is a line of its own."
        },
    )

    example: ClassVar = {"position": 1, "quantity": "2"}


class RateToCredit(Schema):
    """What is credited net at one of the invoice's rates of tax."""

    tax_percent = Percent(required=True, metadata={"description": "The rate."})
    tax_code = fields.String(
        load_default=None,
        validate=validate.OneOf(list(TaxCode)),
        metadata={"description": "Its code, where the invoice has several at that percentage."},
    )
    net = Minor(required=True, metadata={"description": "Without tax, which is added."})


class WhatToCredit(Schema):
    """What of an invoice is credited: an amount, lines, or net amounts at rates; or all that is left."""

    amount = Minor(
        load_default=None,
        least=1,
        metadata={
            "description": "Gross, in minor units, divided in the proportion of the invoice's "
            "taxes. All that is left to credit where neither it nor lines nor rates are given."
        },
    )
    lines = ListOf(
        fields.Nested(LineToCredit),
        least=1,
        most=LINES_MAX,
        load_default=None,
        metadata={"description": "In place of an amount: by lines of the invoice, each once."},
    )
    rates = ListOf(
        fields.Nested(RateToCredit),
        least=1,
        most=LINES_MAX,
        load_default=None,
        metadata={"description": "In place of an amount: by net amounts, each rate once."},
    )


class CreditInvoice(WhatToCredit, _NewCredit):
    invoice_id = Id(
        "inv", required=True, metadata={"description": "The invoice it lowers, if it names one."}
    )


class CreditAccount(_NewCredit):
    account_id = Id("acc", required=True, metadata={"description": "The client's account."})
    currency = Currency(
        required=True,
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."},
    )
    lines = new_lines()
    order_id = Id(
        "ord",
        load_default=None,
        metadata={
            "description": "The account's order it is for, if any: what was billed ahead of it at the "
            "same rates of tax is credited first."
        },
    )


class CreditNoteSummary(Schema):
    """A credit note without its lines: total = allocated + refunded + unapplied, in minor units."""

    credit_note_id = Id("crn", metadata={"description": "The credit note."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    number = fields.String(metadata={"description": "Its number, such as CN-2026-000007."})
    invoice_id = Id(
        "inv", allow_none=True, metadata={"description": "The invoice it lowers, if it names one."}
    )
    order_id = Id("ord", allow_none=True, metadata={"description": "The order it is for, if any."})
    remedy_id = Id(
        "rem",
        allow_none=True,
        metadata={"description": "The remedy of a case that it carries out, if any."},
    )
    return_id = Id(
        "ret", allow_none=True, metadata={"description": "The return of goods it is for, if any."}
    )
    return_part = Whole(
        allow_none=True,
        metadata={"description": "Which part of that return it is for; null without a return."},
    )
    dispute_id = Id(
        "dsp", allow_none=True, metadata={"description": "The dispute that it settles, if any."}
    )
    taken_back = Minor(
        metadata={
            "description": "What of it was billed ahead of shipping, with tax, and will not be taken off "
            "the invoices of shipments any more."
        }
    )
    status = fields.String(
        validate=validate.OneOf(list(CreditNoteStatus)),
        metadata={
            "description": "Unapplied while some of it is neither allocated nor refunded; void: it was "
            "issued in error."
        },
    )
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    for_account_id = Id(
        "acc",
        allow_none=True,
        metadata={"description": "For whom it is, where that is not who pays (`account_id`)."},
    )
    issued_on = Day(metadata={"description": "Its date."})
    net = Minor(metadata={"description": "Without tax."})
    tax = Minor(metadata={"description": "Tax on it."})
    waived = Minor(
        metadata={"description": "Of a fee, interest or letter: what it forgives; no sale, no tax."}
    )
    fee_id = Id("fee", allow_none=True, metadata={"description": "The fee it forgives, if any."})
    total = Minor(metadata={"description": "With tax and what is waived."})
    refunded = Minor(metadata={"description": "Paid out."})
    unapplied = Minor(metadata={"description": "Neither allocated nor refunded yet."})
    is_kept = Flag(
        metadata={
            "description": "Whether what is unapplied stays so until it is allocated by hand: somebody "
            "said what it is for, or took it off an item. Else it is set against items by itself."
        }
    )
    reason = fields.String(metadata={"description": "Why, for the record."})
    voided_on = Day(allow_none=True, metadata={"description": "The day it was voided, if it was."})
    void_reason = fields.String(allow_none=True, metadata={"description": "Why it was voided."})
    recorded_at = Instant(metadata={"description": "When we learned of it."})
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})


class CreditNoteLine(Line):
    """A line of a credit note and what it comes to; of an invoice's line, what of it is credited."""

    invoice_position = Whole(
        allow_none=True,
        metadata={
            "description": "The place of the invoice's line; null where it names no invoice."
        },
    )
    is_price_reduction = Flag(
        metadata={"description": "Whether only the price is lowered; the quantity stays billed."}
    )


class CreditNote(CreditNoteSummary):
    """A credit note: total = allocated + refunded + unapplied, in minor units of `currency`."""

    lines = fields.List(
        fields.Nested(CreditNoteLine),
        metadata={"description": "None where an invoice is credited by an amount or by rates."},
    )
    rates = fields.List(fields.Nested(Rate), metadata={"description": "Totals by rate of tax."})
    legal_texts = legal_texts()


class CreditNotePath(Schema):
    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})


class CreditNoteQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    invoice_id = Id(
        "inv",
        load_default=None,
        metadata={"description": "The invoice it lowers, if it names one."},
    )
    number = OneLine(
        longest=40,
        load_default=None,
        metadata={"description": "Exactly this number."},
    )
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(CreditNoteStatus)),
        metadata={
            "description": "Unapplied while some of it is neither allocated nor refunded; void: it was "
            "issued in error."
        },
    )


class AllocateCreditNote(Schema):
    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})
    instruction = instruction(required=True)


class CreditNoteAllocationQuery(PageQuery):
    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})
