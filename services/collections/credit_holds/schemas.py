"""What comes in and goes out about credit holds."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Flag, Id, Instant, PageQuery, Schema, Whole


class CreditHoldQuery(PageQuery):
    """Which credit holds to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    is_standing = Flag(
        load_default=None, metadata={"description": "Only those in force, or only those lifted."}
    )


class CreditHold(Schema):
    """A credit hold."""

    account_id = Id("acc", metadata={"description": "Who gets no orders."})
    number = Whole(metadata={"description": "Counts the account's credit holds."})
    reason = fields.String(metadata={"description": "Why it was placed."})
    placed_at = Instant(metadata={"description": "Since when."})
    lifted_at = Instant(allow_none=True, metadata={"description": "Until when; null: in force."})
    lifted_reason = fields.String(allow_none=True, metadata={"description": "Why it was lifted."})
