"""What is announced of services that rest, as they are not paid for."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Day, Id, Whole

_SUSPENSION: dict[str, Any] = {
    "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
    "suspension_id": "sus_01jd3v4q6ye8z9t5k2m7n0p1xs",
    "version": 1,
    "suspended_on": "2026-09-11",
}


class ServiceSuspended(AccountEvent):
    """All services of an account rest from a day on. Nothing announces it yet; billing listens already:
    its recurring charges rest as long."""

    suspension_id = Id("sus", required=True)
    version = Whole(
        required=True,
        metadata={
            "description": "Grows with each event of the suspension; the highest is the truth."
        },
    )
    suspended_on = Day(required=True, metadata={"description": "The first day without service."})
    reason = fields.String(required=True, metadata={"description": "Why, for the record."})

    says = "Services suspended from {suspended_on}: {reason}"
    example: ClassVar = _SUSPENSION | {"reason": "412.00 EUR is 60 days overdue."}


class ServiceResumed(AccountEvent):
    """The services of an account run again. Nothing announces it yet; billing listens already."""

    suspension_id = Id("sus", required=True)
    version = Whole(required=True)
    suspended_on = Day(required=True)
    resumed_on = Day(required=True, metadata={"description": "The first day with service again."})
    reason = fields.String(required=True, metadata={"description": "Why, for the record."})

    says = "Services run again from {resumed_on}: {reason}"
    example: ClassVar = _SUSPENSION | {
        "version": 2,
        "resumed_on": "2026-09-20",
        "reason": "All that was overdue is paid.",
    }
