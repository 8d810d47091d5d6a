"""What the probe announces."""

from __future__ import annotations

from marshmallow import fields

from chassis.events import Event
from chassis.fields import Id


class NoteTaken(Event):
    """A note was taken."""

    note_id = Id("note", required=True)
    text = fields.String(required=True)

    example = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "note_id": "note_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "text": "called back",
    }
