"""What the probe does at a moment."""

from __future__ import annotations

from marshmallow import fields

from chassis.due import DueTime
from chassis.fields import Id


class RingDue(DueTime):
    """A bell is to be rung."""

    account_id = Id("acc", load_default=None)
    bell = fields.String(required=True)
    text = fields.String(required=True)
