"""What collections announces."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields, validate

from chassis.events import AccountEvent, DueContact, SettledContact
from chassis.fields import Currency, Day, Id, Total, Whole
from services.collections.contact_dues.rules import HAND_OVER_RETURNED, OVERDUE
from services.collections.placements.rules import PlacementStatus
from services.collections.runs.rules import NoticeStatus

_VERSION = "Grows with every change; the highest is the truth."
_ACCOUNT = "acc_01jd3v4q6ye8z9t5k2m7n0p1xw"
_NOTICE = "dnt_01jd3v4q6ye8z9t5k2m7n0p1xw"


class DunningNoticeApproved(AccountEvent):
    """A dunning notice may go out; collections itself listens, and sends it. Until it is sent or dropped,
    billing voids none of the invoices that it asks for."""

    notice_id = Id("dnt", required=True, metadata={"description": "The notice."})
    run_id = Id("drn", required=True, metadata={"description": "The run it is part of."})
    item_ids = fields.List(
        Id("itm"), required=True, metadata={"description": "The open items it is about."}
    )

    says = "Notice approved, to be sent."
    example: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "notice_id": _NOTICE,
        "run_id": "drn_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "item_ids": ["itm_01jd3v4q6ye8z9t5k2m7n0p1xw"],
    }


class DunningNoticeDropped(AccountEvent):
    """A dunning notice that was approved does not go out: nothing of it is due any more, it or its run
    was cancelled, or it cannot be delivered."""

    notice_id = Id("dnt", required=True, metadata={"description": "The notice."})
    run_id = Id("drn", required=True, metadata={"description": "The run it was part of."})
    status = fields.String(
        required=True,
        validate=validate.OneOf(
            [NoticeStatus.DROPPED, NoticeStatus.CANCELLED, NoticeStatus.UNDELIVERABLE]
        ),
        metadata={"description": "How it ended."},
    )

    says = "Notice is {status}, and not sent."
    example: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "notice_id": _NOTICE,
        "run_id": "drn_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "status": "cancelled",
    }


class DunningNoticeSent(AccountEvent):
    """A dunning notice went out: by e-mail, or to be printed. Its items are at its level now."""

    notice_id = Id("dnt", required=True, metadata={"description": "The notice."})
    currency = Currency(required=True, metadata={"description": "Of the total."})
    level = Whole(required=True, metadata={"description": "0 is the courtesy before the due date."})
    level_name = fields.String(required=True, metadata={"description": "What people call it."})
    total = Total(required=True, metadata={"description": "What the letter asks for."})
    sent_on = Day(required=True, metadata={"description": "The day it went out."})
    channel = fields.String(
        required=True,
        validate=validate.OneOf(["email", "post"]),
        metadata={"description": "How it went out."},
    )
    item_ids = fields.List(
        Id("itm"), required=True, metadata={"description": "The open items it asks for."}
    )

    says = "{level_name} sent by {channel}, {total}."
    example: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "notice_id": _NOTICE,
        "currency": "EUR",
        "level": 1,
        "level_name": "First reminder",
        "total": 11900,
        "sent_on": "2026-02-05",
        "channel": "email",
        "item_ids": ["itm_01jd3v4q6ye8z9t5k2m7n0p1xw"],
    }


class CreditHoldChange(AccountEvent):
    """What both changes of a credit hold say."""

    version = Whole(required=True, metadata={"description": _VERSION})
    reason = fields.String(required=True, metadata={"description": "Why, in words."})


class CreditHoldPlaced(CreditHoldChange):
    """The account gets no new orders until what the last warning asked for is paid."""

    says = "Orders stopped: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "version": 1,
        "reason": "Final notice of 2026-03-12 is unheeded: 119.00 EUR.",
    }


class CreditHoldLifted(CreditHoldChange):
    """The account may order again."""

    says = "Orders let through again: {reason}"
    example: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "version": 2,
        "reason": "Nothing that a notice holding orders asked for is open any more.",
    }


class PlacementChanged(AccountEvent):
    """A debt was proposed for collections, returned, accepted, cured or withdrawn."""

    placement_id = Id("plc", required=True, metadata={"description": "The placement."})
    version = Whole(required=True, metadata={"description": _VERSION})
    status = fields.String(
        required=True,
        validate=validate.OneOf(list(PlacementStatus)),
        metadata={"description": "Where the debt is now."},
    )
    currency = Currency(required=True, metadata={"description": "Of the amount."})
    amount = Total(required=True, metadata={"description": "What was handed over."})
    reason = fields.String(
        allow_none=True, required=True, metadata={"description": "Why; what is missing."}
    )

    says = "Hand-over of {amount} to collections: {status}."
    example: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "placement_id": "plc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "version": 2,
        "status": "returned",
        "currency": "EUR",
        "amount": 11900,
        "reason": "The signed order is missing.",
    }


_REASONS = validate.OneOf([OVERDUE, HAND_OVER_RETURNED])
_CURRENCY = Currency(required=True, metadata={"description": "Of the amount."})
_REASON = fields.String(
    required=True,
    validate=_REASONS,
    metadata={"description": "The kind of reason; more may come."},
)


class ContactDue(DueContact):
    """The account should be contacted, about this much since that day: about what is overdue in a
    currency and may be asked for, or about a hand-over that was returned. Announced when it changes."""

    reason = _REASON
    currency = _CURRENCY
    amount = Total(required=True, metadata={"description": "What it is about."})
    oldest_due_date = Day(
        required=True,
        metadata={"description": "When the oldest of it was due; else as `since`."},
    )

    example: ClassVar[dict[str, Any]] = {
        **DueContact.sample,
        "reason": "overdue",
        "about": "EUR",
        "oldest_due_date": "2026-01-31",
        "since": "2026-02-01",
        "sentence": "119.00 EUR is overdue; the oldest of it was due on 2026-01-31.",
        "channel": None,
    }


class ContactSettled(SettledContact):
    """There is no need any more to contact the account for this reason."""

    reason = _REASON
    currency = _CURRENCY

    example: ClassVar[dict[str, Any]] = {
        **SettledContact.sample,
        "reason": "overdue",
        "about": "EUR",
    }
