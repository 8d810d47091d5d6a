"""What accounts does at a moment."""

from __future__ import annotations

from marshmallow import fields

from chassis.due import DueTime
from chassis.fields import Id, Whole


class EventsMissing(DueTime):
    """Events that had not arrived some time ago are asked for again, unless they have."""

    account_id = Id("acc", required=True)
    source = fields.String(required=True)
    last = Whole(required=True)
    tried = Whole(required=True)
