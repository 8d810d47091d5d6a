"""What comes in and goes out about pauses of dunning."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Id, Instant, PageQuery, Schema, Text, Whole


class PlaceHold(Schema):
    """What to pause, why and until when."""

    account_id = Id("acc", required=True, metadata={"description": "Whose dunning rests."})
    item_id = Id(
        "itm", load_default=None, allow_none=True, metadata={"description": "Just this item's."}
    )
    reason = Text(longest=500, required=True, metadata={"description": "Why, for those who ask."})
    from_on = Day(
        load_default=None, allow_none=True, metadata={"description": "First day; today if absent."}
    )
    until_on = Day(required=True, metadata={"description": "Last day: every hold expires."})

    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "reason": "The goods are being examined.",
        "until_on": "2030-12-31",
    }


class HoldId(Schema):
    """Names a hold."""

    hold_id = Id("hld", required=True)


class HoldQuery(PageQuery):
    """Which holds to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})


class Hold(Schema):
    """A pause of dunning."""

    hold_id = Id("hld", metadata={"description": "The hold."})
    version = Whole(metadata={"description": "Grows with every change."})
    account_id = Id("acc", metadata={"description": "Whose dunning rests."})
    item_id = Id("itm", allow_none=True, metadata={"description": "Just this item's, or all."})
    reason = fields.String(metadata={"description": "Why."})
    from_on = Day(metadata={"description": "First day."})
    until_on = Day(metadata={"description": "Last day, as agreed."})
    last_on = Day(metadata={"description": "Last day, as it came: earlier if it was lifted."})
    placed_at = Instant(metadata={"description": "When it was placed."})
    placed_by = fields.String(metadata={"description": "Who placed it."})
    lifted_at = Instant(allow_none=True, metadata={"description": "When it was lifted."})
    lifted_by = fields.String(allow_none=True, metadata={"description": "Who lifted it."})
