"""Tolerances, coming in and going out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Currency, Instant, Minor, PageQuery, Percent, Schema, Text, Whole


class TolerancePath(Schema):
    currency = Currency(required=True, metadata={"description": "In which currency."})


class ToleranceHistory(PageQuery, TolerancePath):
    """A page of what was tolerated."""


class _Tolerated(Schema):
    amount = Minor(
        required=True,
        least=0,
        metadata={"description": "In minor units: what is missing at most; 0: nothing may be."},
    )
    percent = Percent(
        required=True,
        metadata={"description": "Of what was demanded with an item: what is missing at most."},
    )


class SetTolerance(_Tolerated, TolerancePath):
    """What of an item is given up by itself that a payment leaves owed: at most both."""

    reason = Text(required=True, longest=500, metadata={"description": "Why, for the record."})

    example: ClassVar = {"amount": 100, "percent": "1", "reason": "Bank charges of transfers."}


class Tolerance(_Tolerated, TolerancePath):
    """What of an item is given up by itself that a payment leaves owed: at most both."""

    version = Whole(metadata={"description": "Grows by one each time it is set anew; 0: never."})
    reason = fields.String(allow_none=True, metadata={"description": "Why it was set."})
    set_at = Instant(allow_none=True, metadata={"description": "When it was set."})
    set_by = fields.String(allow_none=True, metadata={"description": "Who set it."})
