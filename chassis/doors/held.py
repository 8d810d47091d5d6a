"""Held events: those that no queue takes wait in the outbox until one does, or somebody lets them go."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from chassis.contract import Reach, command, query
from chassis.fields import Instant, Schema, Text, Whole
from kernel.refusals import NotFound

_COUNT = text(
    """
    SELECT name AS event, count(*) AS count, min(recorded_at) AS held_since FROM outbox
    WHERE published_at IS NULL AND held_at IS NOT NULL GROUP BY name ORDER BY name
    """
)
_RELEASE = text(
    """
    UPDATE outbox SET published_at = now(), released_by = :by, released_reason = :reason
    WHERE published_at IS NULL AND held_at IS NOT NULL AND name = :event
    """
)


class HeldEvent(Schema):
    """Events of one name that wait because no queue takes them."""

    event = fields.String(required=True)
    count = Whole(required=True)
    held_since = Instant(required=True)


class HeldEvents(Schema):
    """All events that wait because no queue takes them, by name."""

    items = fields.List(fields.Nested(HeldEvent), required=True)


class ReleaseHeldEvents(Schema):
    """Events that nobody is to hear, and why."""

    event = Text(required=True, metadata={"example": "note_taken"})
    reason = Text(required=True)


class ReleasedEvents(Schema):
    """How many events nobody is going to hear."""

    count = Whole(required=True)


def holding_of(service: str) -> type:
    """The ways in to the held events of a service."""
    path = f"/v1/held-events/{service}"

    class Holding:
        """What no queue takes, and what is to become of it."""

        @query(f"GET {path}", Schema, returns=HeldEvents, scope="admin", reach=Reach.EVERYTHING)
        def list_held_events(self, session: Session) -> dict[str, Any]:
            """List the events of this service that wait because nobody listens to them."""
            return {"items": session.execute(_COUNT).mappings().all()}

        @command(
            f"POST {path}/release",
            ReleaseHeldEvents,
            returns=ReleasedEvents,
            scope="admin",
            reach=Reach.EVERYTHING,
        )
        def release_held_events(
            self: Any, session: Session, *, event: str, reason: str
        ) -> dict[str, Any]:
            """Let the held events of one name go: nobody is ever going to hear them. They stay on record
            with the reason, for as long as published events do."""
            values = {"event": event, "reason": reason, "by": self.caller.subject}
            count = session.execute(_RELEASE, values).rowcount  # type: ignore[attr-defined]
            if not count:
                raise NotFound("no_held_events", f"No event {event} of {service} is held.")
            return {"count": count}

    return Holding


def count_held(connection: Connection) -> dict[str, int]:
    """How many events of each name are held."""
    return {row["event"]: row["count"] for row in connection.execute(_COUNT).mappings()}
