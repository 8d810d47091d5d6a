"""What goes into the answers to returns, and what comes out of their whole chain."""

from __future__ import annotations

from decimal import Decimal

from marshmallow import fields

from chassis.fields import Flag, Id, Instant, Percent, Schema, Text, Whole
from services.sales.return_parts.schemas import ReturnPart
from services.sales.returns.schemas import Return, ReturnPath


class CreditReturn(ReturnPath):
    """How what was accepted is credited."""

    restocking_fee_percent = Percent(
        load_default=Decimal(0),
        metadata={"description": "Kept back of its net price, rounded half up for each line."},
    )
    note = Text(longest=500, load_default=None, metadata={"description": "What is to be known."})


class ReplaceReturn(ReturnPath):
    """What was accepted is replaced."""

    note = Text(longest=500, load_default=None, metadata={"description": "What is to be known."})


class ReturnStep(Schema):
    """Something that happened to the return."""

    action = fields.String(required=True, metadata={"description": "What was done."})
    status = fields.String(required=True, metadata={"description": "Where it stood then."})
    event = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The event that told it, or by which it was heard."},
    )
    part = Whole(required=True, allow_none=True, metadata={"description": "Of which part."})
    about = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The id of what came of it: a credit note, an order."},
    )
    note = fields.String(required=True, allow_none=True, metadata={"description": "Why."})
    at = Instant(required=True, metadata={"description": "When."})
    by = fields.String(required=True, metadata={"description": "By whom."})


class ReturnAnswer(Schema):
    """What is given for a part."""

    part = Whole(required=True, metadata={"description": "Which part."})
    kind = fields.String(required=True, metadata={"description": "credit, or replacement."})
    restocking_fee_percent = Percent(
        required=True, attribute="fee_percent", metadata={"description": "Kept back of a credit."}
    )
    order_id = Id(
        "ord",
        required=True,
        allow_none=True,
        metadata={"description": "By which others are sent in its place."},
    )
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "Why billing does not credit it."}
    )
    answered_at = Instant(required=True, metadata={"description": "When it was decided."})
    answered_by = fields.String(required=True, metadata={"description": "By whom."})
    settled_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was credited or ordered."}
    )


class ReturnCreditNote(Schema):
    """A credit note that names the return."""

    credit_note_id = Id("crn", required=True, metadata={"description": "The credit note."})
    number = fields.String(required=True, allow_none=True, metadata={"description": "Its number."})
    part = Whole(required=True, metadata={"description": "Which part it is for."})
    is_void = Flag(required=True, metadata={"description": "Whether it was issued in error."})


class ReturnPage(Return):
    """A return with all that became of it."""

    steps = fields.List(
        fields.Nested(ReturnStep),
        required=True,
        attribute="chain.steps",
        metadata={"description": "What happened, the first first."},
    )
    parts = fields.List(
        fields.Nested(ReturnPart),
        required=True,
        attribute="chain.parts",
        metadata={"description": "What came when."},
    )
    answers = fields.List(
        fields.Nested(ReturnAnswer),
        required=True,
        attribute="chain.answers",
        metadata={"description": "What is given for each part."},
    )
    credit_notes = fields.List(
        fields.Nested(ReturnCreditNote),
        required=True,
        attribute="chain.credit_notes",
        metadata={"description": "Those that name it."},
    )
