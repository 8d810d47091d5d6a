"""What the gateway asks of every service: its contract, and to move with the manual clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns
from chassis.contract import internal
from chassis.doors.acceptance import handlers_by_queue
from chassis.doors.transaction import Context, run
from chassis.ground.bells import HANDLED, PUBLISHED, Bell
from chassis.ground.config import settings
from chassis.store.clock import read_manual, set_manual
from chassis.store.dialect import ALONE
from kernel.calendar import day_at
from kernel.refusals import Invalid, why

ANNOUNCED_MAX = 20_000

WAIT_SECONDS = 1.0
LOOK_SECONDS = 0.05  # what other replicas do rings no bell here

NOTHING: dict[str, list[str]] = {"ids": [], "handlers": [], "names": [], "alike": [], "queues": []}

log = structlog.get_logger()

Found = TypeVar("Found")

# First a row of how things stand, then one for each event. What no queue takes is not waited for.
_SINCE = text(
    """
    (SELECT CASE WHEN :position < 0 THEN coalesce(max(position), 0) ELSE :position END AS position,
            NULL AS name, NULL AS event_id,
            EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL AND held_at IS NULL)
                AS is_waiting
     FROM outbox)
    UNION ALL
    (SELECT position, name, event_id, NULL FROM outbox
     WHERE position > :position AND :position >= 0 ORDER BY position LIMIT :limit)
    """
)
_UNHANDLED = text(
    """
    SELECT wanted.handler, count(*)
    FROM unnest(CAST(:ids AS text[]), CAST(:handlers AS text[]), CAST(:names AS text[]),
                CAST(:alike AS text[]), CAST(:queues AS text[]))
        AS wanted (event_id, handler, name, alike, queue)
    WHERE NOT EXISTS (SELECT 1 FROM inbox i
                      WHERE i.event_id = wanted.event_id AND i.handler = wanted.name)
      AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.event_id = wanted.event_id
                      AND p.queue = wanted.queue AND p.why <> 'forged'
                      AND coalesce(p.handler = ANY(string_to_array(wanted.alike, ' ')), true))
    GROUP BY wanted.handler
    """
)


class Clockwork:
    """Internal methods, for the gateway alone."""

    name: str
    contracts: Mapping[str, Any]
    inbox_names: Mapping[str, str]
    runtime: Any

    @internal
    def describe(self) -> dict[str, Any]:
        """The contract of this service, which clock it goes by and in which time zone."""
        clock = "manual" if settings().is_clock_manual else "system"
        return {**self.runtime.contract, "clock": clock, "time_zone": settings().time_zone.key}

    @internal
    def get_clock(self, *, position: int = -1) -> dict[str, Any]:
        """The manual clock's moment here, with the answer of `announced_since`."""
        now = self._look(read_manual)
        return {"now": now and now.isoformat(), **self._announced_since(position)}

    @internal
    def set_clock(self, *, now: str, jobs: list[str], position: int = -1) -> dict[str, Any]:
        """Move the manual clock, then run these daily jobs for every business day up to now's. Those that
        `failed`, and why: one stops no other, and runs again when asked again. With the answer of
        `announced_since`, so that a moment at which nothing happens costs one call."""
        moment = _instant(now)
        self._look(lambda session: set_manual(session, moment))
        day = day_at(moment, settings().time_zone)
        reasons = {job: self._run_job(job, day) for job in jobs}
        failed = [
            {"job": job, "reason": reason} for job, reason in reasons.items() if reason is not None
        ]
        return {"failed": failed, **self._announced_since(position)}

    @internal
    def announced_since(self, *, position: int) -> dict[str, Any]:
        """The events published after a position on the wire, and whether all are published; answered
        when there is either, or after a second. A position below 0 asks for the current one only."""
        return self._announced_since(position)

    @internal
    def unhandled(self, *, events: dict[str, list[str]]) -> dict[str, int]:
        """How many of these events each handler, or one of its queue for another version, has neither
        handled nor parked; answered when there is none, or after a second."""
        queues = {
            handler: queue
            for queue, names in handlers_by_queue(self.name, self.contracts).items()
            for handler in names
        }
        entered = {handler: self.inbox_names.get(handler, handler) for handler in events}
        alike = {
            name: {one for one in self.inbox_names if self.inbox_names[one] == name}
            for name in entered.values()
        }
        wanted = [
            (
                event_id,
                handler,
                entered[handler],
                " ".join(alike[entered[handler]]),
                queues.get(handler, ""),
            )
            for handler, ids in events.items()
            for event_id in ids
        ]
        pairs = columns(wanted, *NOTHING) if wanted else NOTHING

        def count(session: Session) -> dict[str, int]:
            found = session.execute(_UNHANDLED, pairs).tuples().all()
            return dict.fromkeys(events, 0) | dict(found)

        def is_enough(counts: dict[str, int]) -> bool:
            return not any(counts.values())

        return _wait_until(is_enough, lambda: self._look(count), HANDLED)

    def _run_job(self, job: str, day: date) -> str | None:
        """Why the job failed; None if it did not."""
        try:
            getattr(self, job)(day)
        except Exception as error:
            log.exception("daily_job_failed", job=job, day=str(day))
            return why(error)
        return None

    def _announced_since(self, position: int) -> dict[str, Any]:
        def read(session: Session) -> dict[str, Any]:
            rows = session.execute(_SINCE, {"position": position, "limit": ANNOUNCED_MAX}).all()
            events: dict[str, list[str]] = {}
            for row in rows[1:]:
                events.setdefault(row.name, []).append(row.event_id)
            return {
                "position": rows[-1].position,
                "is_drained": not rows[0].is_waiting and len(rows) <= ANNOUNCED_MAX,
                "events": events,
            }

        def is_enough(answer: dict[str, Any]) -> bool:
            return answer["is_drained"] or bool(answer["events"])

        return _wait_until(is_enough, lambda: self._look(read), PUBLISHED)

    def _look(self, work: Callable[[Session], Found]) -> Found:
        """One statement in a transaction of its own, without a BEGIN and a COMMIT around it."""
        engine = self.runtime.engine.execution_options(**ALONE)
        found: Found = run(engine, lambda session, _: work(session), Context())
        return found


def _wait_until(is_enough: Callable[[Found], bool], look: Callable[[], Found], bell: Bell) -> Found:
    """What is found when it is enough, or after a while: cheaper than to be asked again and again."""
    until = time.monotonic() + WAIT_SECONDS
    while not is_enough(found := look()) and time.monotonic() < until:
        bell.wait(LOOK_SECONDS)
    return found


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise Invalid("invalid_instant", "now is a moment such as 2026-01-31T00:00:00Z.") from error
