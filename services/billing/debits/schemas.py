"""Debits, coming in and going out."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Id,
    Instant,
    ListOf,
    Minor,
    OneLine,
    PageQuery,
    Schema,
    Text,
    Whole,
)
from services.billing.bank_fees.schemas import fee
from services.billing.debits.rules import PARTS_MAX, DebitStatus
from services.billing.payments.rules import Method

FETCHING = (Method.DIRECT_DEBIT, Method.CARD)
_STATUS = validate.OneOf(list(DebitStatus))


class NewDebit(Schema):
    """Money that is to be fetched."""

    account_id = Id("acc", required=True, metadata={"description": "The client's account."})
    currency = Currency(
        required=True,
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."},
    )
    amount = Minor(
        load_default=None,
        least=1,
        metadata={
            "description": "All that may be asked for of its items if left out, at most that."
        },
    )
    due_by = Day(
        load_default=None,
        metadata={"description": "It fetches what is due by this day: today if left out."},
    )
    item_ids = ListOf(
        Id("itm"),
        least=1,
        most=PARTS_MAX,
        load_default=None,
        metadata={
            "description": "Instead of what is due: these items of the account, whenever due."
        },
    )
    method = fields.String(
        load_default=Method.DIRECT_DEBIT,
        validate=validate.OneOf(FETCHING),
        metadata={"description": "How it is fetched."},
    )
    reference = OneLine(
        load_default=None,
        longest=200,
        metadata={"description": "What the client will read, or the mandate's reference."},
    )


class DebitPath(Schema):
    debit_id = Id("deb", required=True, metadata={"description": "The debit."})


class DebitSucceeded(DebitPath):
    value_date = Day(
        load_default=None,
        metadata={"description": "The day the money was there: today if left out, not to come."},
    )


class DebitEnded(DebitPath):
    reason = Text(
        required=True, longest=500, metadata={"description": "Why: what the bank or client said."}
    )


class DebitFailed(DebitEnded):
    fee = fee()


class DebitPart(Schema):
    """What a debit fetches of one item, in minor units."""

    position = Whole(metadata={"description": "Its place, those due first first, from 1."})
    item_id = Id("itm", metadata={"description": "The item."})
    amount = Minor(metadata={"description": "What of it is fetched."})


class Debit(Schema):
    """Money that we fetch; while it is submitted, approved or in_process it is no payment yet."""

    debit_id = Id("deb", metadata={"description": "The debit."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    currency = Currency(
        metadata={"description": "ISO 4217 code; all amounts here are in its minor units."}
    )
    amount = Minor(metadata={"description": "What it fetches in all."})
    parts = fields.List(
        fields.Nested(DebitPart), metadata={"description": "Of which item how much."}
    )
    method = fields.String(metadata={"description": "direct_debit or card."})
    reference = fields.String(
        allow_none=True, metadata={"description": "What the client will read, or the mandate's."}
    )
    status = fields.String(validate=_STATUS, metadata={"description": "Where it is."})
    reason = fields.String(
        allow_none=True, metadata={"description": "Why it failed or was cancelled."}
    )
    payment_id = Id("pay", allow_none=True, metadata={"description": "The money, where it came."})
    fee_invoice_id = Id(
        "inv",
        allow_none=True,
        metadata={
            "description": "The document that demands what the bank charged for its failure, if any."
        },
    )
    submitted_by = fields.String(metadata={"description": "Who submitted it."})
    submitted_at = Instant(metadata={"description": "When it was submitted."})
    changed_by = fields.String(metadata={"description": "Who changed it last."})
    changed_on = Day(metadata={"description": "When it changed last."})
    version = Whole(metadata={"description": "Grows by one with every change; the ETag."})


class DebitQuery(PageQuery):
    account_id = Id("acc", load_default=None, metadata={"description": "The client's account."})
    status = fields.String(
        load_default=None, validate=_STATUS, metadata={"description": "Only those that are there."}
    )
