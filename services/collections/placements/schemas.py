"""What comes in and goes out about placements."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Currency, Id, Instant, Minor, PageQuery, Schema, Text, Total, Whole
from services.collections.placements.rules import PlacementStatus


class PlacementId(Schema):
    """Names a placement."""

    placement_id = Id("plc", required=True)


class PlacementReason(PlacementId):
    """Why a placement is returned or withdrawn."""

    reason = Text(
        longest=1000,
        required=True,
        metadata={"description": "What is missing, or why it is withdrawn."},
    )


class PlacementQuery(PageQuery):
    """Which placements to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(PlacementStatus)),
        metadata={"description": "Only those in this state."},
    )


class PackedItem(Schema):
    """An item in a package, as it was."""

    item_id = Id("itm", metadata={"description": "The item."})
    invoice_number = fields.String(metadata={"description": "The invoice's number."})
    due_date = fields.String(metadata={"description": "When it was due."})
    days_overdue = Whole(metadata={"description": "On the day of packing."})
    invoiced = Minor(metadata={"description": "What was asked for at first."})
    amount = Minor(metadata={"description": "What is handed over."})


class PackedNotice(Schema):
    """A notice in a package."""

    notice_id = Id("dnt", metadata={"description": "The notice; its letter can be read there."})
    level = Whole(metadata={"description": "Its level."})
    level_name = fields.String(metadata={"description": "The level's name."})
    sent_on = fields.String(metadata={"description": "The day it went out."})
    channel = fields.String(metadata={"description": "email or post."})
    recipient = fields.String(allow_none=True, metadata={"description": "The e-mail address."})
    total = Total(metadata={"description": "What it asked for, of all its items."})


class PackedAccount(Schema):
    """The account in a package, as it was."""

    number = fields.String(metadata={"description": "The account's number."})
    name = fields.String(metadata={"description": "Its name."})
    language = fields.String(metadata={"description": "In which it is written to."})
    email = fields.String(allow_none=True, metadata={"description": "Its e-mail address."})


class Package(Schema):
    """What collections gets with a placement; frozen when it was proposed."""

    packed_on = fields.String(metadata={"description": "The day."})
    account = fields.Nested(PackedAccount, metadata={"description": "Who owes it."})
    items = fields.List(fields.Nested(PackedItem), metadata={"description": "What is owed."})
    notices = fields.List(
        fields.Nested(PackedNotice), metadata={"description": "What was sent about it."}
    )
    amount = Total(metadata={"description": "The sum of the items."})
    currency = Currency(metadata={"description": "Of the amounts."})


class PlacementMove(Schema):
    """A state a placement came to."""

    status = fields.String(metadata={"description": "The state."})
    reason = fields.String(allow_none=True, metadata={"description": "Why."})
    moved_at = Instant(metadata={"description": "When."})
    moved_by = fields.String(metadata={"description": "By whom."})


class PlacementSummary(Schema):
    """A placement."""

    placement_id = Id("plc", metadata={"description": "The placement."})
    version = Whole(metadata={"description": "Grows with every change."})
    account_id = Id("acc", metadata={"description": "Who owes it."})
    currency = Currency(metadata={"description": "Of the amounts."})
    amount = Total(metadata={"description": "What is handed over."})
    status = fields.String(
        validate=validate.OneOf(list(PlacementStatus)), metadata={"description": "Where it is."}
    )
    reason = fields.String(allow_none=True, metadata={"description": "Why; what is missing."})


class Placement(PlacementSummary):
    """A placement with its package and history."""

    open = Total(metadata={"description": "What is still owed of its items."})
    package = fields.Nested(Package, metadata={"description": "What collections gets with it."})
    moves = fields.List(
        fields.Nested(PlacementMove), metadata={"description": "How it came where it is."}
    )
