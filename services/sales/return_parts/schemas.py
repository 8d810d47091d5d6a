"""What goes into the inspection of returns, and what comes out of their parts."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Flag, Id, Instant, ListOf, Quantity, Schema, Text, Whole
from services.sales.returns.rules import LINES_MAX
from services.sales.returns.schemas import ExplainReturn, ReturnPath, lines_to_return


class ReceiveReturn(ReturnPath):
    """What has come."""

    lines = lines_to_return("What has come; left out, all that is waited for.", load_default=None)
    received_on = Day(
        load_default=None,
        metadata={
            "description": "The day, from when the goods had left to today; left out, today."
        },
    )
    place_id = Id(
        "pla",
        load_default=None,
        metadata={"description": "Where it is put on the shelf; left out, the one store."},
    )


class LineInspection(Schema):
    """What becomes of what came of one line: restock + scrap + reject, where given, is all of it."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    restock = Quantity(metadata={"description": "On the shelf again."})
    scrap = Quantity(metadata={"description": "Accepted, and thrown away."})
    reject = Quantity(metadata={"description": "Not accepted."})

    example: ClassVar = {"line_id": "orl_01jd3v4q6ye8z9t5k2m7n0p1xw", "restock": "2", "reject": "1"}


class InspectPart(ReturnPath):
    """What becomes of what came."""

    part = Whole(
        least=1,
        load_default=None,
        metadata={"description": "Which part; left out, the first that is not inspected."},
    )
    lines = ListOf(
        fields.Nested(LineInspection),
        least=1,
        most=LINES_MAX,
        required=True,
        metadata={"description": "Each line of the part, once."},
    )
    note = Text(longest=500, load_default=None, metadata={"description": "What was seen."})


class UndoInspection(ExplainReturn):
    """Which inspection was wrong, and why."""

    part = Whole(least=1, required=True, metadata={"description": "Which part."})


class ReturnPartLine(Schema):
    """What came of a line, and what became of it."""

    line_id = Id("orl", required=True, metadata={"description": "The order line."})
    received = Quantity(required=True, metadata={"description": "Come back."})
    restocked = Quantity(required=True, metadata={"description": "On the shelf again."})
    scrapped = Quantity(required=True, metadata={"description": "Accepted, and thrown away."})
    rejected = Quantity(required=True, metadata={"description": "Not accepted."})


class ReturnPart(Schema):
    """What came at once."""

    part = Whole(required=True, metadata={"description": "Which part, from 1."})
    received_on = Day(required=True, metadata={"description": "The day it came."})
    received_at = Instant(required=True, metadata={"description": "When that was entered."})
    received_by = fields.String(required=True, metadata={"description": "By whom."})
    place_id = Id(
        "pla", required=True, allow_none=True, metadata={"description": "Where it is put."}
    )
    is_inspected = Flag(required=True, metadata={"description": "Whether it is inspected."})
    inspected_at = Instant(required=True, allow_none=True, metadata={"description": "When."})
    inspected_by = fields.String(
        required=True, allow_none=True, metadata={"description": "By whom."}
    )
    note = fields.String(required=True, allow_none=True, metadata={"description": "What was seen."})
    answer = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What is given for it: credit, or replacement."},
    )
    lines = fields.List(
        fields.Nested(ReturnPartLine), required=True, metadata={"description": "What came."}
    )
