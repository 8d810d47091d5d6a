"""What the gateway asks of every service: its contract, and to move with the manual clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from chassis.clock import Clock, read_manual, set_manual
from chassis.config import settings
from chassis.contract import internal
from chassis.tables import outbox
from chassis.transaction import Context, run
from kernel.refusals import Invalid

ANNOUNCED_MAX = 20_000

_UNHANDLED = text(
    """
    SELECT count(*) FROM unnest(CAST(:ids AS text[])) AS wanted (event_id)
    WHERE NOT EXISTS (SELECT 1 FROM inbox i
                      WHERE i.event_id = wanted.event_id AND i.handler = :handler)
      AND NOT EXISTS (SELECT 1 FROM parked p
                      WHERE p.event_id = wanted.event_id AND p.handler = :handler)
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
        """The events published after a position on the wire, and whether all are published. A position
        below 0 asks for the current one only."""
        return _announced_since(self.runtime, position)

    @internal
    def unhandled(self, *, events: dict[str, list[str]]) -> dict[str, int]:
        """How many of these events each handler has neither handled nor parked."""

        def count(session: Session, _: Clock) -> dict[str, int]:
            return {
                handler: session.execute(_UNHANDLED, {"ids": ids, "handler": handler}).scalar_one()
                for handler, ids in events.items()
            }

        result: dict[str, int] = run(self.runtime.engine, count, Context())
        return result


def _announced_since(runtime: Any, position: int) -> dict[str, Any]:
    def read(session: Session, _: Clock) -> dict[str, Any]:
        waiting = select(outbox.c.id).where(outbox.c.published_at.is_(None)).exists()
        is_drained = not session.scalar(select(waiting))
        if position < 0:
            last = session.scalar(select(func.coalesce(func.max(outbox.c.position), 0)))
            return {"position": last, "is_drained": is_drained, "events": {}}
        rows = session.execute(
            select(outbox.c.position, outbox.c.name, outbox.c.event_id)
            .where(outbox.c.position > position)
            .order_by(outbox.c.position)
            .limit(ANNOUNCED_MAX)
        ).all()
        events: dict[str, list[str]] = {}
        for row in rows:
            events.setdefault(row.name, []).append(row.event_id)
        return {
            "position": rows[-1].position if rows else position,
            "is_drained": is_drained and len(rows) < ANNOUNCED_MAX,
            "events": events,
        }

    runtime.relay.poke()
    result: dict[str, Any] = run(runtime.engine, read, Context())
    return result


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise Invalid("invalid_instant", "now is a moment such as 2026-01-31T00:00:00Z.") from error
