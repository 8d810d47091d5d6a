"""What goes out of an account at a glance."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, Email, Id, Instant, Money, Schema
from services.accounts.accounts.schemas import Account
from services.accounts.callers.schemas import (
    CallersCase,
    CallReason,
    LatestContact,
    LatestPromise,
    NextActivity,
    OpenBalance,
)


class Bucket(Schema):
    """What is owed and so long overdue."""

    bucket = fields.String(
        required=True,
        metadata={"description": "Days overdue: current, 1-30, 31-60, 61-90, over_90."},
    )
    amount = Money(required=True)


class AgedBalance(OpenBalance):
    """What is open in one currency, and how old it is."""

    ageing = fields.List(
        fields.Nested(Bucket),
        required=True,
        metadata={"description": "Of what is open on invoices; empty buckets are left out."},
    )
    oldest_overdue_on = Day(
        required=True, allow_none=True, metadata={"description": "Its due day; null: none is."}
    )


class WaitingCase(CallersCase):
    """What they brought up and is not closed, and until when it waits."""

    due_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When its most pressing clock is over; null: none runs."},
    )


class RunningOrder(Schema):
    """An order of which something is still to come."""

    order_id = Id("ord", required=True)
    number = fields.String(required=True)
    total_gross = Money(required=True, allow_none=True)


class Cover(Schema):
    """Who stands in while the owner is away."""

    staff_id = Id("stf", required=True)
    name = fields.String(required=True)
    until = Day(required=True, metadata={"description": "The owner's last day away."})


class GlanceOwner(Schema):
    """Who looks after the account."""

    staff_id = Id("stf", required=True)
    name = fields.String(required=True)
    email = Email(required=True)
    cover = fields.Nested(Cover, required=True, allow_none=True)


class GlanceHelper(Schema):
    """A helper, or a team, of the account."""

    sharing_id = Id("shr", required=True)
    name = fields.String(required=True)
    purpose = fields.String(required=True)


class Glance(Schema):
    """An account at a glance."""

    account = fields.Nested(Account, required=True)
    owner = fields.Nested(GlanceOwner, required=True)
    helpers = fields.List(fields.Nested(GlanceHelper), required=True)
    alerts = fields.List(
        fields.String(), required=True, metadata={"description": "What to mind, in sentences."}
    )
    balances = fields.List(fields.Nested(AgedBalance), required=True)
    reasons = fields.List(
        fields.Nested(CallReason),
        required=True,
        metadata={"description": "Why one would call them, whether or not it rests."},
    )
    open_cases = fields.List(fields.Nested(WaitingCase), required=True)
    orders = fields.List(
        fields.Nested(RunningOrder),
        required=True,
        metadata={"description": "Of which something is still to come, at most 20."},
    )
    promise = fields.Nested(LatestPromise, required=True, allow_none=True)
    latest_contacts = fields.List(
        fields.Nested(LatestContact),
        required=True,
        metadata={"description": "The last five, the newest first."},
    )
    next_activity = fields.Nested(NextActivity, required=True, allow_none=True)
