"""What comes in and goes out about notices."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import (
    Currency,
    Day,
    Flag,
    Id,
    Instant,
    Minor,
    PageQuery,
    Schema,
    Text,
    Total,
    Whole,
)
from services.collections.runs.rules import NoticeStatus


class NoticeId(Schema):
    """Names a notice."""

    notice_id = Id("dnt", required=True)


class CancelNotice(NoticeId):
    """Why a notice is not to be sent."""

    reason = Text(longest=500, required=True, metadata={"description": "Why, for those who ask."})


class NoticeQuery(PageQuery):
    """Which notices to list. The print queue is `channel=post&status=sent&is_printed=false`."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(list(NoticeStatus)),
        metadata={"description": "Only those in this state."},
    )
    channel = fields.String(
        load_default=None,
        validate=validate.OneOf(["email", "post"]),
        metadata={"description": "Only those that go out like this."},
    )
    level = Whole(load_default=None, metadata={"description": "Only this level."})
    is_printed = Flag(
        load_default=None,
        metadata={"description": "Whether somebody has ticked it off as printed."},
    )


class RunNoticesQuery(PageQuery):
    """A page of a run's notices."""

    run_id = Id("drn", required=True)


class NoticeItem(Schema):
    """An item in a notice."""

    item_id = Id("itm", metadata={"description": "The item."})
    invoice_number = fields.String(metadata={"description": "The invoice's number."})
    issued_on = Day(
        allow_none=True, metadata={"description": "When it was issued; null as in receivables."}
    )
    due_date = Day(metadata={"description": "When it was due."})
    invoiced = Minor(metadata={"description": "What was asked for at first."})
    amount = Minor(metadata={"description": "What the notice asks for."})
    status = fields.String(
        validate=validate.OneOf(list(NoticeStatus)),
        metadata={"description": "As the notice; `dropped` if it was taken out of it."},
    )
    reason = fields.String(allow_none=True, metadata={"description": "Why it was taken out."})
    sentence = fields.String(metadata={"description": "Why it is in the notice, or not any more."})


class Notice(Schema):
    """A dunning notice: one letter to an account about one level and currency."""

    notice_id = Id("dnt", metadata={"description": "The notice."})
    version = Whole(metadata={"description": "Grows with every change."})
    account_id = Id("acc", metadata={"description": "To whom."})
    run_id = Id("drn", metadata={"description": "The run it is part of."})
    level = Whole(metadata={"description": "0 is the courtesy before the due date."})
    level_name = fields.String(metadata={"description": "What people call the level."})
    holds_orders = Flag(metadata={"description": "Whether it stops new orders."})
    currency = Currency(metadata={"description": "Of the amounts."})
    total = Total(metadata={"description": "The sum of its items."})
    status = fields.String(
        validate=validate.OneOf(list(NoticeStatus)), metadata={"description": "Where it is."}
    )
    reason = fields.String(
        allow_none=True, metadata={"description": "Why it was cancelled or not delivered."}
    )
    channel = fields.String(allow_none=True, metadata={"description": "email or post."})
    recipient = fields.String(allow_none=True, metadata={"description": "The e-mail address."})
    subject = fields.String(allow_none=True, metadata={"description": "As it was sent."})
    text = fields.String(allow_none=True, metadata={"description": "As it was sent."})
    sent_on = Day(allow_none=True, metadata={"description": "The day it went out."})
    sent_at = Instant(allow_none=True, metadata={"description": "The moment it went out."})
    printed_at = Instant(allow_none=True, metadata={"description": "By post: when it was printed."})
    items = fields.List(fields.Nested(NoticeItem), metadata={"description": "What it asks for."})
