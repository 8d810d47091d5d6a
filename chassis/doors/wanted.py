"""Events that accounts' timeline misses are announced anew, by whoever announced them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from chassis.contract import consumes
from chassis.events import Subscription
from chassis.fields import Id, Whole
from chassis.store.republishing import republish_some


class EventsWanted(Subscription, source="accounts"):
    """Events about an account have not arrived."""

    account_id = Id("acc", required=True)
    service = fields.String(required=True)
    first = Whole(required=True)
    last = Whole(required=True)


def wanted_of(service: str) -> type:
    """The way in by which a service hears that its events are missing."""

    class Wanted:
        """Events that somebody misses."""

        @consumes(EventsWanted, takes_many=True)
        def announce_anew(self, session: Session, wants: Sequence[Mapping[str, Any]]) -> None:
            """Announce anew what has not arrived of this service's events."""
            ours = [one for one in wants if one["service"] == service]
            republish_some(
                session,
                [(one["account_id"], one["first"], one["last"]) for one in ours],
            )

    return Wanted
