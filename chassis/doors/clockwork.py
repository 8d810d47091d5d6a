"""What the gateway asks of every service: its contract, and to move with the manual clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.bulk import columns
from chassis.contract import internal
from chassis.doors.acceptance import handlers_by_queue
from chassis.doors.days import perform_jobs
from chassis.doors.due_times import perform_due_times
from chassis.doors.transaction import Context, run
from chassis.ground.bells import HANDLED, PUBLISHED, SCHEDULED, Bell
from chassis.ground.config import settings
from chassis.store.clock import read_manual, set_manual
from chassis.store.dialect import ALONE
from chassis.store.due_times import look_ahead
from kernel.calendar import day_at
from kernel.refusals import Invalid, why

ANNOUNCED_MAX = 20_000

WAIT_SECONDS = 1.0
LOOK_SECONDS = 0.05  # what other replicas do rings no bell here

NOTHING: dict[str, list[str]] = {"ids": [], "handlers": [], "names": [], "alike": [], "queues": []}

Found = TypeVar("Found")

# First a row of how things stand, then one for each event. What no queue takes is not waited for; what is
# due by now, or is to be tried again, is.
_SINCE = text(
    """
    WITH next AS (SELECT min(at) AS at FROM due_time WHERE retry_at IS NULL AND name = ANY(:due))
    (SELECT CASE WHEN :position < 0 THEN coalesce(max(position), 0) ELSE :position END AS position,
            NULL AS name, NULL AS event_id,
            EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL AND held_at IS NULL)
            OR EXISTS (SELECT 1 FROM due_time WHERE retry_at IS NOT NULL AND name = ANY(:due))
            OR coalesce((SELECT next.at <= clock.now FROM next, clock), false) AS is_waiting,
            (SELECT at FROM next) AS next_due, (SELECT now FROM clock) AS now
     FROM outbox)
    UNION ALL
    (SELECT position, name, event_id, NULL, NULL, NULL FROM outbox
     WHERE position > :position AND :position >= 0 ORDER BY position LIMIT :limit)
    """
)
_HAS_NEWS = text(
    """
    SELECT EXISTS (SELECT 1 FROM outbox WHERE published_at IS NULL AND held_at IS NULL)
        OR EXISTS (SELECT 1 FROM outbox WHERE position > :position AND :position >= 0)
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
    due_handlers: Mapping[str, str]
    runtime: Any

    @internal
    def describe(self) -> dict[str, Any]:
        """The contract of this service, which clock it goes by and in which time zone."""
        clock = "manual" if settings().is_clock_manual else "system"
        return {**self.runtime.contract, "clock": clock, "time_zone": settings().time_zone.key}

    @internal
    def get_clock(self, *, position: int = -1) -> dict[str, Any]:
        """The manual clock's moment here, with the answer of `announced_since`."""
        return self._announced_since(position)

    @internal
    def set_clock(
        self,
        *,
        now: str,
        jobs: list[str],
        position: int = -1,
        since: str | None = None,
        then: str | None = None,
    ) -> dict[str, Any]:
        """Move the manual clock, and do what is to be done on the way: due times, one instant after
        another, then at `now` these daily jobs, for every business day up to now's; where that announces
        nothing it goes on to `then`, before which there is nothing more. It stands still where a due time
        has announced something, or is to be tried again: the answer says where the clock stands. Those
        jobs that `failed`, and why: one stops no other, and runs again when asked again. What is of a
        moment from `since` on is handled as of it: there this move began. With the answer of
        `announced_since`, so that a service at which nothing happens costs one call."""
        moment, begun = _instant(now), _instant(since or now)
        reached = self._perform_due_times(moment, begun, position)
        if reached < moment:
            return {**self._announced_since(position), "failed": []}
        self._move_to(moment, begun)
        failed = perform_jobs(self.runtime.engine, self, jobs, day_at(moment, settings().time_zone))
        answer = self._announced_since(position)
        end = _instant(then or now)
        if moment < end and answer["is_drained"] and not answer["events"] and not failed:
            self._move_to(end, begun)
            answer["now"] = end.isoformat()
        reasons = [{"job": job, "reason": why(error)} for job, error in failed.items()]
        return {**answer, "failed": reasons}

    @internal
    def announced_since(self, *, position: int) -> dict[str, Any]:
        """The events published after a position on the wire, and whether all are published; answered
        when there is either, or after a second. A position below 0 asks for the current one only."""
        return self._announced_since(position)

    @internal
    def unhandled(self, *, events: dict[str, list[str]], position: int = -1) -> dict[str, Any]:
        """How many of these events each handler, or one of its queue for another version, has neither
        handled nor parked; answered when there is none, or after a second, with what was announced
        meanwhile: the answer of `announced_since`."""
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

        counts = _wait_until(is_enough, lambda: self._look(count), HANDLED)
        return {
            "unhandled": counts,
            **(self._announced_since(position) if is_enough(counts) else {}),
        }

    def _perform_due_times(self, until: datetime, since: datetime, position: int) -> datetime:
        """Perform what is due, one instant after another, as long as nothing is announced; the instant
        that is reached."""
        names = self.due_handlers
        while names:
            ahead = self._look(partial(look_ahead, names=names))
            now = self._look(read_manual)
            if ahead.retry_seconds is not None and now is not None:
                return now
            if ahead.at is None or ahead.at > until:
                break
            reached = max(ahead.at, now or ahead.at)
            self._move_to(reached, since)
            if perform_due_times(self.runtime.engine, self) is None:
                SCHEDULED.wait(LOOK_SECONDS)
            elif self._look(partial(_has_news, position=position)):
                return reached
        return until

    def _move_to(self, moment: datetime, since: datetime) -> None:
        self._look(partial(set_manual, now=moment, since=min(since, moment)))

    def _announced_since(self, position: int) -> dict[str, Any]:
        def read(session: Session) -> dict[str, Any]:
            asked = {"position": position, "limit": ANNOUNCED_MAX, "due": list(self.due_handlers)}
            rows = session.execute(_SINCE, asked).all()
            events: dict[str, list[str]] = {}
            for row in rows[1:]:
                events.setdefault(row.name, []).append(row.event_id)
            return {
                "now": rows[0].now and rows[0].now.isoformat(),
                "position": rows[-1].position,
                "is_drained": not rows[0].is_waiting and len(rows) <= ANNOUNCED_MAX,
                "next_due": rows[0].next_due and rows[0].next_due.isoformat(),
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


def _has_news(session: Session, *, position: int) -> bool:
    return bool(session.scalar(_HAS_NEWS, {"position": position}))


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
