"""What comes in and goes out about worklists."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.fields import PAGE_MAX, Day, Id, Instant, Money, Schema, Text, Whole
from services.accounts.accounts.rules import Channel
from services.accounts.contacts.rules import ContactRole
from services.accounts.worklist.rules import SNOOZE_DAYS_MAX, ItemStatus, Outcome

OUTCOME = {
    "description": "What came of the contact. Reasons that still stand come back after 1 day "
    "(not_reached), 2 (left_message), 14 (disputes) or 7 (all others)."
}
NOTE = {"description": "In your words; required with `other`."}


class WorklistQuery(Schema):
    """Whose worklist, on which day."""

    staff_id = Id("stf", required=True)
    as_of = Day(
        load_default=None,
        metadata={"description": "As it will be that day as far as is known now; else today."},
    )
    limit = Whole(
        load_default=50,
        least=1,
        most=PAGE_MAX,
        metadata={"description": f"How many of the most urgent, 1 to {PAGE_MAX}."},
    )


class ScorePart(Schema):
    """A part of a score."""

    what = fields.String(required=True, metadata={"description": "What the points are for."})
    points = Whole(required=True)


class WorklistReason(Schema):
    """Why the account should be contacted."""

    kind = fields.String(
        required=True,
        metadata={
            "description": "onboarding_stuck, closed_unsettled, or what a service announces as the "
            "`reason` of contact_due: overdue, hand_over_returned, order_stopped; more may come."
        },
    )
    since_on = Day(required=True, metadata={"description": "Since when there is reason."})
    amount = Money(
        required=True, allow_none=True, metadata={"description": "What it is about, if money."}
    )
    sentence = fields.String(required=True, metadata={"description": "Why now, in a sentence."})


class WorklistContact(Schema):
    """Whom to speak to."""

    contact_id = Id("con", required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.Enum(ContactRole, by_value=True), required=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class WorklistLine(Schema):
    """An account to contact: whom, when, why now, how."""

    worklist_item_id = Id("wli", required=True)
    version = Whole(required=True)
    account_id = Id("acc", required=True)
    account_number = fields.String(required=True)
    account_name = fields.String(required=True)
    score = Whole(required=True, metadata={"description": "The sum of `parts`."})
    parts = fields.List(fields.Nested(ScorePart), required=True)
    reasons = fields.List(fields.Nested(WorklistReason), required=True)
    contact = fields.Nested(
        WorklistContact,
        required=True,
        allow_none=True,
        metadata={"description": "Null where the account has no contact."},
    )
    channel = fields.Enum(
        Channel, by_value=True, required=True, metadata={"description": "How to reach them."}
    )
    number = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The phone number or e-mail address; null for post."},
    )
    contact_from = Instant(
        required=True,
        metadata={"description": "When the client's office opens next, or did if it is open."},
    )
    contact_until = Instant(required=True, metadata={"description": "When it closes."})
    opened_on = Day(required=True, metadata={"description": "The day it came to the list."})


class Worklist(Schema):
    """The most urgent accounts to contact, and how many there are in all."""

    items = fields.List(fields.Nested(WorklistLine), required=True)
    total = Whole(required=True)


class WorklistItemId(Schema):
    """One item."""

    worklist_item_id = Id("wli", required=True)


class FinishItem(Schema):
    """What came of the contact."""

    worklist_item_id = Id("wli", required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True, metadata=OUTCOME)
    note = Text(load_default=None, allow_none=True, metadata=NOTE)


class SnoozeItem(Schema):
    """Until when to hide the item."""

    worklist_item_id = Id("wli", required=True)
    until = Day(
        required=True,
        metadata={"description": f"The day it is back; at most {SNOOZE_DAYS_MAX} days away."},
    )

    example: ClassVar = {"until": "2026-03-31"}


class WorklistItem(Schema):
    """One item and what became of it."""

    worklist_item_id = Id("wli", required=True)
    version = Whole(required=True)
    account_id = Id("acc", required=True)
    status = fields.Enum(
        ItemStatus,
        by_value=True,
        required=True,
        metadata={"description": "Settled: by itself, as no reason stands any more."},
    )
    opened_on = Day(required=True)
    snoozed_until = Day(required=True, allow_none=True)
    snoozed_by = fields.String(required=True, allow_none=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True, allow_none=True, metadata=OUTCOME)
    note = fields.String(required=True, allow_none=True, metadata=NOTE)
    closed_by = fields.String(required=True, allow_none=True)
    closed_at = Instant(required=True, allow_none=True)
