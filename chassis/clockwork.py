"""What the gateway asks of every service: its contract, and to move with the manual clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import eventlet
from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.clock import Clock, read_manual, set_manual
from chassis.config import settings
from chassis.contract import internal
from chassis.transaction import Context, run
from kernel.refusals import Invalid

ANNOUNCED_MAX = 20_000

WAIT_SECONDS = 1.0
LOOK_SECONDS = 0.005

Found = TypeVar("Found")

_WAITING = text("SELECT EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL)")
_POSITION = text("SELECT coalesce(max(position), 0) FROM outbox")
_SINCE = text(
    """
    SELECT position, name, event_id FROM outbox WHERE position > :position
    ORDER BY position LIMIT :limit
    """
)
_UNHANDLED = text(
    """
    SELECT wanted.handler, count(*)
    FROM unnest(CAST(:ids AS text[]), CAST(:handlers AS text[])) AS wanted (event_id, handler)
    WHERE NOT EXISTS (SELECT 1 FROM inbox i
                      WHERE i.event_id = wanted.event_id AND i.handler = wanted.handler)
      AND NOT EXISTS (SELECT 1 FROM parked p
                      WHERE p.event_id = wanted.event_id AND p.handler = wanted.handler)
    GROUP BY wanted.handler
    """
)


class Clockwork:
    """Internal methods, for the gateway alone."""

    runtime: Any

    @internal
    def describe(self) -> dict[str, Any]:
        """The contract of this service, and which clock it goes by."""
        clock = "manual" if settings().is_clock_manual else "system"
        return {**self.runtime.contract, "clock": clock}

    @internal
    def get_clock(self, *, position: int = -1) -> dict[str, Any]:
        """The manual clock's moment here, with the answer of `announced_since`."""
        now = run(self.runtime.engine, lambda session, _: read_manual(session), Context())
        return {"now": now and now.isoformat(), **_announced_since(self.runtime, position)}

    @internal
    def set_clock(self, *, now: str, jobs: list[str], position: int = -1) -> dict[str, Any]:
        """Move the manual clock, then run these daily jobs for every business day up to now's; with the
        answer of `announced_since`, so that a moment at which nothing happens costs one call."""
        moment = _instant(now)
        run(self.runtime.engine, lambda session, _: set_manual(session, moment), Context())
        for job in jobs:
            getattr(self, job)(moment.date())
        return _announced_since(self.runtime, position)

    @internal
    def announced_since(self, *, position: int) -> dict[str, Any]:
        """The events published after a position on the wire, and whether all are published; answered
        when they are, or after a second. A position below 0 asks for the current one only."""
        return _announced_since(self.runtime, position)

    @internal
    def unhandled(self, *, events: dict[str, list[str]]) -> dict[str, int]:
        """How many of these events each handler has neither handled nor parked; answered when there is
        none, or after a second."""
        ids = [event_id for ids in events.values() for event_id in ids]
        handlers = [handler for handler, ids in events.items() for _ in ids]

        def count(session: Session, _: Clock) -> dict[str, int]:
            found = session.execute(_UNHANDLED, {"ids": ids, "handlers": handlers})
            return dict.fromkeys(events, 0) | dict(found.tuples().all())

        def look() -> dict[str, int]:
            counts: dict[str, int] = run(self.runtime.engine, count, Context())
            return counts

        return _wait_until(look, lambda counts: not any(counts.values()))


def _announced_since(runtime: Any, position: int) -> dict[str, Any]:
    def read(session: Session, _: Clock) -> dict[str, Any]:
        is_drained = not session.scalar(_WAITING)
        if position < 0:
            return {
                "position": session.scalar(_POSITION),
                "is_drained": is_drained,
                "events": {},
            }
        rows = session.execute(_SINCE, {"position": position, "limit": ANNOUNCED_MAX}).all()
        events: dict[str, list[str]] = {}
        for row in rows:
            events.setdefault(row.name, []).append(row.event_id)
        return {
            "position": rows[-1].position if rows else position,
            "is_drained": is_drained and len(rows) < ANNOUNCED_MAX,
            "events": events,
        }

    def look() -> dict[str, Any]:
        answer: dict[str, Any] = run(runtime.engine, read, Context())
        return answer

    return _wait_until(look, lambda answer: answer["is_drained"] or answer["events"])


def _wait_until(look: Callable[[], Found], is_enough: Callable[[Found], object]) -> Found:
    """What is found when it is enough, or after a while: cheaper than to be asked again and again."""
    until = time.monotonic() + WAIT_SECONDS
    while not is_enough(found := look()) and time.monotonic() < until:
        eventlet.sleep(LOOK_SECONDS)
    return found


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise Invalid("invalid_instant", "now is a moment such as 2026-01-31T00:00:00Z.") from error
