"""What comes in and goes out about closings."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Flag, Id, Instant, PageQuery, Schema, Text, Whole
from services.accounts.accounts.rules import Status
from services.accounts.closings.rules import ClosingStatus


class WithdrawClosing(Schema):
    """One account, and why it is not to be closed after all."""

    account_id = Id("acc", required=True)
    reason = Text(longest=500, load_default=None, allow_none=True, metadata={"description": "Why."})


class ClosingQuery(PageQuery):
    """Whose closings to list."""

    account_id = Id("acc", required=True)


class ClosingAnswer(Schema):
    """What a service said to a closing."""

    service = fields.String(required=True, metadata={"description": "Who answered."})
    is_agreed = Flag(required=True, metadata={"description": "Else it objected."})
    code = fields.String(
        required=True, allow_none=True, metadata={"description": "The objection, for programs."}
    )
    reason = fields.String(required=True, metadata={"description": "Why, in a sentence."})
    answered_at = Instant(required=True, metadata={"description": "When."})


class Closing(Schema):
    """An attempt to close an account, and what came of it."""

    version = Whole(required=True, metadata={"description": "The account's version as it began."})
    status = fields.Enum(
        ClosingStatus,
        by_value=True,
        required=True,
        metadata={"description": "Asked: those in `waits_for` have not answered yet."},
    )
    reason = fields.String(required=True, metadata={"description": "Why it is to be closed."})
    from_status = fields.Enum(
        Status,
        by_value=True,
        required=True,
        metadata={"description": "Where the account was before."},
    )
    asked_by = fields.String(required=True, metadata={"description": "Who asked."})
    asked_at = Instant(required=True, metadata={"description": "When."})
    ended_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was decided."}
    )
    waits_for = fields.List(
        fields.String(), required=True, metadata={"description": "Whose answer is missing."}
    )
    answers = fields.List(fields.Nested(ClosingAnswer), required=True)
