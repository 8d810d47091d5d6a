"""What comes in and goes out about accounts whose worklist could not be reviewed."""

from __future__ import annotations

from marshmallow import fields

from chassis.fields import Day, Id, PageQuery, Schema


class ParkedWorklistQuery(PageQuery):
    """Which parked worklists to list."""

    account_id = Id("acc", load_default=None, metadata={"description": "Only this account's."})
    day = Day(load_default=None, metadata={"description": "Only those of this day."})


class ParkedWorklist(Schema):
    """An account whose worklist a daily review could not keep."""

    account_id = Id("acc", metadata={"description": "The account."})
    day = Day(metadata={"description": "The day of the review; the next day's tries again."})
    reason = fields.String(metadata={"description": "Why it could not be reviewed."})
