"""What comes in and goes out about parked accounts."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.fields import Day, Id, PageQuery, Schema
from services.collections.parked.rules import Job


class ParkedAccountQuery(PageQuery):
    """Which parked accounts to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account."})
    job = fields.String(
        load_default=None,
        validate=validate.OneOf(list(Job)),
        metadata={"description": "Only those of this job."},
    )
    day = Day(load_default=None, metadata={"description": "Only those of this day."})


class ParkedAccount(Schema):
    """An account that a daily job could not decide about."""

    account_id = Id("acc", metadata={"description": "The account."})
    job = fields.String(
        validate=validate.OneOf(list(Job)), metadata={"description": "Which job it was."}
    )
    day = Day(metadata={"description": "The day it was about; the next day's job tries again."})
    reason = fields.String(metadata={"description": "Why nothing could be decided."})
