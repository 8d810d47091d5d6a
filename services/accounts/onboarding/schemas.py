"""What comes in and goes out about onboarding."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import Day, Flag, Id, Instant, OneLine, PageQuery, Schema, Text, Whole
from services.accounts.onboarding.rules import ItemStatus

NAME = {"description": "What must be there: a document, a check, a decision."}
NEEDS_EXPIRY = {"description": "Whether the document has a day on which it expires."}
HOLDS = {
    "description": "Whether there is no new business with the account while the document is expired."
}
EXPIRES_ON = {"description": "The last day on which the document is good."}
DOCUMENT = {"description": "Where the document is kept: a file name, a link, a folder."}
FILE = {"description": "The document itself: a finished file of this account."}


class Requirement(Schema):
    """What is asked of every account that begins onboarding."""

    onboarding_requirement_id = Id("req", required=True)
    version = Whole(required=True)
    name = fields.String(required=True, metadata=NAME)
    needs_expiry = Flag(required=True, metadata=NEEDS_EXPIRY)
    holds_business = Flag(required=True, metadata=HOLDS)
    retired_on = Day(
        required=True, allow_none=True, metadata={"description": "Not asked from this day on."}
    )


class AddRequirement(Schema):
    """A new requirement."""

    name = OneLine(longest=200, required=True, metadata=NAME)
    needs_expiry = Flag(load_default=False, metadata=NEEDS_EXPIRY)
    holds_business = Flag(load_default=False, metadata=HOLDS)


class RequirementId(Schema):
    """One requirement."""

    onboarding_requirement_id = Id("req", required=True)


class ChecklistItem(Schema):
    """One thing to be settled before the account becomes active."""

    checklist_item_id = Id("chi", required=True)
    account_id = Id("acc", required=True)
    version = Whole(required=True)
    name = fields.String(required=True, metadata=NAME)
    needs_expiry = Flag(required=True, metadata=NEEDS_EXPIRY)
    holds_business = Flag(required=True, metadata=HOLDS)
    status = fields.Enum(
        ItemStatus,
        by_value=True,
        required=True,
        metadata={"description": "Open and expired ones stand in the way of activation."},
    )
    document = fields.String(required=True, allow_none=True, metadata=DOCUMENT)
    file_id = Id("fil", required=True, allow_none=True, metadata=FILE)
    file_sha256 = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The SHA-256 of the file's content, in hexadecimal digits."},
    )
    file_media_type = fields.String(
        required=True, allow_none=True, metadata={"description": "What kind of file it is."}
    )
    collected_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Who collected the document."}
    )
    expires_on = Day(required=True, allow_none=True, metadata=EXPIRES_ON)
    completed_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was last completed."}
    )
    completed_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Who completed it."}
    )
    waived_at = Instant(
        required=True, allow_none=True, metadata={"description": "When it was waived."}
    )
    waived_by = fields.String(
        required=True, allow_none=True, metadata={"description": "Who waived it."}
    )
    waived_reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it is not needed."}
    )


class ChecklistQuery(PageQuery):
    """Whose checklist to read."""

    account_id = Id("acc", required=True)


class AddChecklistItem(Schema):
    """Something asked of this account alone."""

    account_id = Id("acc", required=True)
    name = OneLine(longest=200, required=True, metadata=NAME)
    needs_expiry = Flag(load_default=False, metadata=NEEDS_EXPIRY)
    holds_business = Flag(load_default=False, metadata=HOLDS)


class CompleteChecklistItem(Schema):
    """What settles the item."""

    checklist_item_id = Id("chi", required=True)
    document = OneLine(longest=500, load_default=None, allow_none=True, metadata=DOCUMENT)
    file_id = Id("fil", load_default=None, allow_none=True, metadata=FILE)
    expires_on = Day(load_default=None, allow_none=True, metadata=EXPIRES_ON)
    collected_by_id = Id(
        "stf",
        load_default=None,
        allow_none=True,
        metadata={"description": "The member of staff who collected it, if not who completes it."},
    )

    example: ClassVar = {"document": "register-extract.pdf", "expires_on": "2030-12-31"}


class WaiveChecklistItem(Schema):
    """Why the item is not needed."""

    checklist_item_id = Id("chi", required=True)
    reason = Text(
        longest=500, required=True, metadata={"description": "Why this account needs it not."}
    )
