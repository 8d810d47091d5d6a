"""What comes in and goes out about who is ringing."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, Flag, Id, Instant, Money, Schema
from services.accounts.accounts.rules import ContactRole, Status, Tier
from services.accounts.activities.rules import ActivityKind
from services.accounts.cases.rules import CaseStatus
from services.accounts.clocks.rules import Kind, Priority
from services.accounts.contacts.schemas import PHONE_KIND, Phone


class CallerQuery(Schema):
    """Which number rings."""

    phone = Phone(
        required=True,
        metadata={
            "description": "With its country code, or as it is dialled within the company's country.",
            "example": "+35312345678",
        },
    )


class CallingContact(Schema):
    """Somebody who has the number."""

    contact_id = Id("con", required=True)
    name = fields.String(required=True)
    roles = fields.List(fields.Enum(ContactRole, by_value=True), required=True)
    kind = fields.String(required=True, metadata=PHONE_KIND)
    is_former = Flag(required=True, metadata={"description": "They are no contact any more."})


class CallersOwner(Schema):
    """Who looks after the account."""

    staff_id = Id("stf", required=True)
    name = fields.String(required=True)


class OpenBalance(Schema):
    """What is open in one currency."""

    open = Money(required=True, metadata={"description": "Owed on invoices."})
    unapplied = Money(required=True, metadata={"description": "Received and not yet allocated."})


class CallReason(Schema):
    """Why one would call them."""

    kind = fields.String(required=True)
    since_on = Day(required=True)
    amount = Money(required=True, allow_none=True)
    sentence = fields.String(required=True)


class CallersCase(Schema):
    """What they brought up and is not closed."""

    case_id = Id("cas", required=True)
    number = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    priority = fields.Enum(Priority, by_value=True, required=True)
    status = fields.Enum(CaseStatus, by_value=True, required=True)
    subject = fields.String(required=True)
    received_at = Instant(required=True)


class LatestPromise(Schema):
    """What was promised last."""

    activity_id = Id("act", required=True)
    at = Instant(required=True)
    promise = fields.String(required=True)


class LatestContact(Schema):
    """A contact with the account: an activity that was held, a call that came in, an item of the worklist
    that was done."""

    at = Instant(required=True)
    kind = fields.String(
        required=True, metadata={"description": "call, visit, meeting, email, letter or worklist."}
    )
    direction = fields.String(required=True, metadata={"description": "in or out."})
    outcome = fields.String(required=True, metadata={"description": "What came of it."})
    note = fields.String(required=True, allow_none=True)
    by = fields.String(required=True, allow_none=True, metadata={"description": "Who of us."})


class NextActivity(Schema):
    """What is planned next."""

    activity_id = Id("act", required=True)
    kind = fields.Enum(ActivityKind, by_value=True, required=True)
    at = Instant(required=True)
    subject = fields.String(required=True)
    owner_id = Id("stf", required=True)


class CallingAccount(Schema):
    """An account with the number, and what to know of it."""

    account_id = Id("acc", required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    status = fields.Enum(Status, by_value=True, required=True)
    tier = fields.Enum(Tier, by_value=True, required=True)
    owner = fields.Nested(CallersOwner, required=True)
    contacts = fields.List(
        fields.Nested(CallingContact),
        required=True,
        metadata={"description": "Who has the number; former ones last."},
    )
    balances = fields.List(fields.Nested(OpenBalance), required=True)
    reasons = fields.List(
        fields.Nested(CallReason),
        required=True,
        metadata={"description": "Why one would call them, whether or not it rests."},
    )
    open_cases = fields.List(
        fields.Nested(CallersCase), required=True, metadata={"description": "The oldest first."}
    )
    promise = fields.Nested(LatestPromise, required=True, allow_none=True)
    latest_contacts = fields.List(
        fields.Nested(LatestContact),
        required=True,
        metadata={"description": "The last five, the newest first."},
    )
    next_activity = fields.Nested(NextActivity, required=True, allow_none=True)


class Callers(Schema):
    """Who has a number."""

    phone = fields.String(required=True, metadata={"description": "In E.164."})
    items = fields.List(
        fields.Nested(CallingAccount),
        required=True,
        metadata={"description": "At most ten accounts; none where nobody has the number."},
    )
