"""Refunds, coming in and going out."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Currency, Day, Id, Instant, Minor, PageQuery, Schema, Text


class _NewRefund(Schema):
    amount = Minor(
        required=True, least=1, metadata={"description": "In minor units of its currency."}
    )
    refunded_on = Day(
        load_default=None,
        metadata={"description": "The day the money went out; today if left out, never to come."},
    )
    reason = Text(required=True, longest=500)


class RefundPayment(_NewRefund):
    payment_id = Id("pay", required=True)


class RefundCreditNote(_NewRefund):
    credit_note_id = Id("crn", required=True)


class RefundAllocation(_NewRefund):
    allocation_id = Id("alc", required=True)
    amount = Minor(
        load_default=None,
        least=1,
        metadata={"description": "In minor units; the whole allocation if left out."},
    )


class Refund(Schema):
    """Money given back out of a payment or a credit note."""

    refund_id = Id("rfd")
    account_id = Id("acc")
    payment_id = Id("pay", allow_none=True)
    credit_note_id = Id("crn", allow_none=True)
    currency = Currency()
    amount = Minor()
    refunded_on = Day()
    reason = fields.String()
    recorded_by = fields.String()
    recorded_at = Instant()


class RefundQuery(PageQuery):
    account_id = Id("acc", load_default=None)
    payment_id = Id("pay", load_default=None)
    credit_note_id = Id("crn", load_default=None)
