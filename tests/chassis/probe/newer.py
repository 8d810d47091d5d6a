"""What the probe listens to of an event's second version, in the same queue as the first."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Subscription


class NoteTaken(Subscription, source="probe"):
    """A note was taken, told otherwise."""

    event_version = 2

    account_id = fields.String(required=True)
    note = fields.Dict(required=True)
