"""What is announced of timelines."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.events import AccountEvent
from chassis.fields import Whole


class EventsWanted(AccountEvent):
    """Events about an account have not arrived, as later ones show: who announced them is to announce
    them anew. Listeners drop what they have had."""

    service = fields.String(
        required=True, metadata={"description": "The service whose events they are."}
    )
    first = Whole(required=True, metadata={"description": "The first missing sequence."})
    last = Whole(required=True, metadata={"description": "The last missing sequence."})

    says = "Events {first} to {last} of {service} are missing and asked for again."
    example: ClassVar = {
        "account_id": "acc_01jd3v4q6ye8z9t5k2m7n0p1xw",
        "service": "billing",
        "first": 17,
        "last": 19,
    }
