"""What was used, coming in and going out."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, Id, Instant, OneLine, Quantity, Schema
from services.billing.charges.schemas import ChargePath


class RecordUsage(ChargePath):
    """So much was used on a day."""

    quantity = Quantity(required=True, metadata={"description": "How much was used."})
    used_on = Day(load_default=None, metadata={"description": "When; today if left out."})
    external_id = OneLine(
        required=True,
        longest=100,
        metadata={
            "description": "What you call this record: told again under it, it is recorded once."
        },
    )


class ChargeUsage(Schema):
    """What was used of a charge."""

    usage_id = Id("usg", metadata={"description": "The record."})
    charge_id = Id("chg", metadata={"description": "The charge."})
    account_id = Id("acc", metadata={"description": "The client's account."})
    external_id = fields.String(metadata={"description": "What you call this record."})
    quantity = Quantity(metadata={"description": "How much was used."})
    used_on = Day(metadata={"description": "When."})
    recorded_by = fields.String(metadata={"description": "Who recorded it."})
    recorded_at = Instant(metadata={"description": "When it was recorded."})
