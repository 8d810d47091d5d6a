"""What goes into and comes out of late shipments."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Day, Flag, Id, Instant, PageQuery, Quantity, Schema, Text, Whole
from services.sales.late_shipments.rules import LEAD_DAYS_MAX, LateState

STATES = validate.OneOf([str(state) for state in LateState])


class LateShipmentPath(Schema):
    """Names one late shipment."""

    late_shipment_id = Id("lat", required=True, metadata={"description": "The late shipment."})


class TellLateShipment(LateShipmentPath):
    """That the client was told."""

    note = Text(
        longest=500, load_default=None, metadata={"description": "What they were told, and said."}
    )


class LateShipmentQuery(PageQuery):
    """Which late shipments to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    status = fields.String(
        load_default=None, validate=STATES, metadata={"description": "Only those that stand so."}
    )
    is_standing = Flag(
        load_default=None,
        metadata={"description": "Only those that are due or told, or only those that are over."},
    )


class LateShipment(LateShipmentPath):
    """What of an order line was not picked shortly before its promised day."""

    account_id = Id("acc", required=True, metadata={"description": "Whose order."})
    order_id = Id("ord", required=True, metadata={"description": "The order."})
    order_number = fields.String(required=True, metadata={"description": "The order's number."})
    line_id = Id("orl", required=True, metadata={"description": "The line."})
    sku = fields.String(required=True, metadata={"description": "The product's sku."})
    description = fields.String(required=True, metadata={"description": "The product's name."})
    promised_on = Day(required=True, metadata={"description": "The day it was promised for."})
    quantity = Quantity(required=True, metadata={"description": "What is open and not picked."})
    reason = fields.String(required=True, metadata={"description": "What held it up."})
    sentence = fields.String(
        required=True, metadata={"description": "Why to contact the account, in words."}
    )
    status = fields.String(
        required=True,
        validate=STATES,
        metadata={
            "description": "due: the client is to be told; told; moved: promised for another day; "
            "shipped; cancelled."
        },
    )
    noted_on = Day(required=True, metadata={"description": "The day it was noted."})
    noted_at = Instant(required=True, metadata={"description": "When."})
    told_at = Instant(
        required=True, allow_none=True, metadata={"description": "When the client was told."}
    )
    told_by = fields.String(required=True, allow_none=True, metadata={"description": "By whom."})
    note = fields.String(
        required=True, allow_none=True, metadata={"description": "What they were told."}
    )
    ended_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was over."}
    )
    version = Whole(required=True, metadata={"description": "Grows with every change; the ETag."})


class SetPromiseSettings(Schema):
    """How early a line that is not picked is late."""

    lead_days = Whole(
        least=0,
        most=LEAD_DAYS_MAX,
        required=True,
        metadata={"description": "So many business days before its promised day; 0: on the day."},
    )


class PromiseSettings(SetPromiseSettings):
    """How early a line that is not picked is late."""

    changed_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was set; null: never."}
    )
    changed_by = fields.String(required=True, allow_none=True, metadata={"description": "By whom."})
