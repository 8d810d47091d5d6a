"""What the gateway asks of every service: its contract, and to move with the manual clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Row
from sqlalchemy.orm import Session

from chassis.bulk import columns
from chassis.contract import internal
from chassis.doors.acceptance import handlers_by_queue
from chassis.doors.days import perform_jobs
from chassis.doors.due_times import perform_due_times
from chassis.doors.transaction import Context, ask, run
from chassis.ground.bells import HANDLED, PUBLISHED, SCHEDULED, Bell
from chassis.ground.config import settings
from chassis.store.clock import MOVE, refuse_to_go_back, require_manual, set_manual
from chassis.store.dialect import ALONE
from chassis.store.plans import Planned
from kernel.refusals import Invalid, why

ANNOUNCED_MAX = 20_000

WAIT_SECONDS = 1.0
LOOK_SECONDS = 0.05  # what other replicas do rings no bell here

NOTHING: dict[str, list[str]] = {"ids": [], "handlers": [], "names": [], "alike": [], "queues": []}

Found = TypeVar("Found")

_UNPUBLISHED = "EXISTS (SELECT FROM outbox WHERE published_at IS NULL AND held_at IS NULL)"
_RETRIED = "EXISTS (SELECT FROM due_time WHERE retry_at IS NOT NULL AND name = ANY(:due))"
_NEXT = "SELECT min(at) AS at FROM due_time WHERE retry_at IS NULL AND name = ANY(:due)"
_NEWS = "EXISTS (SELECT FROM outbox WHERE position > :position AND :position >= 0)"
# Where the clock is `now`, and what is due is held against: as it stands, moved to there, or gone on to
# `now` from where it stood, if all was quiet there and nothing is due on the way.
_STANDS = "stands AS (SELECT now, now AS stood FROM clock)"
_MOVED = f"moved AS ({MOVE}), stands AS (SELECT now, now AS stood FROM moved)"  # noqa: S608
_GONE_ON = f"""
    gone AS (
        UPDATE clock SET now = :now, since = :since FROM (SELECT now AS stood FROM clock) AS old
        WHERE stood <= :now AND (stood, since) IS DISTINCT FROM (:now, :since)
          AND NOT {_UNPUBLISHED} AND NOT {_NEWS} AND NOT {_RETRIED}
          AND NOT coalesce((SELECT at FROM ({_NEXT}) AS next) <= :now, false)
        RETURNING clock.now, stood
    ), stands AS (
        SELECT now, stood FROM gone
        UNION ALL SELECT now, now FROM clock WHERE NOT EXISTS (SELECT FROM gone)
    )
"""  # noqa: S608  pieces of this module


def _telling(clock: str, **move: str) -> Planned:
    """First a row of how things stand, then one for each event. What no queue takes is not waited for;
    what is due by now, or is to be tried again, is."""
    return Planned(
        f"""
        WITH {clock}, next AS ({_NEXT})
        (SELECT CASE WHEN :position < 0 THEN coalesce(max(position), 0) ELSE :position END
                    AS position, NULL AS name, NULL AS event_id,
                {_UNPUBLISHED} OR {_RETRIED}
                OR coalesce((SELECT next.at <= stood FROM next, stands), false) AS is_waiting,
                (SELECT at FROM next) AS next_due, (SELECT now FROM stands) AS now
         FROM outbox)
        UNION ALL
        (SELECT position, name, event_id, NULL, NULL, NULL FROM outbox
         WHERE position > :position AND :position >= 0 ORDER BY position LIMIT :limit)
        """,  # noqa: S608  pieces of this module
        position="bigint",
        limit="bigint",
        due="text[]",
        **move,
    )


_TELL = _telling(_STANDS)
_MOVE_AND_TELL = _telling(_MOVED, now="timestamptz", since="timestamptz")
_GO_ON_AND_TELL = _telling(_GONE_ON, now="timestamptz", since="timestamptz")
_AHEAD = Planned(
    f"""
    SELECT (SELECT now FROM clock) AS now, {_RETRIED} AS is_retried,
           (SELECT at FROM ({_NEXT}) AS next) AS at
    """,  # noqa: S608  pieces of this module
    due="text[]",
)
_HAS_NEWS = Planned(f"SELECT {_UNPUBLISHED} OR {_NEWS} AS has_news", position="bigint")
_UNHANDLED = Planned(
    """
    SELECT wanted.handler, count(*) AS waiting
    FROM unnest(:ids, :handlers, :names, :alike, :queues)
        AS wanted (event_id, handler, name, alike, queue)
    WHERE NOT EXISTS (SELECT 1 FROM inbox i
                      WHERE i.event_id = wanted.event_id AND i.handler = wanted.name)
      AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.event_id = wanted.event_id
                      AND p.queue = wanted.queue AND p.why <> 'forged'
                      AND coalesce(p.handler = ANY(string_to_array(wanted.alike, ' ')), true))
    GROUP BY wanted.handler
    """,
    **dict.fromkeys(NOTHING, "text[]"),
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
        require_manual()
        moment = _instant(now)
        begun = min(_instant(since or now), moment)
        if not jobs and self.due_handlers:
            told = self._tell(_GO_ON_AND_TELL, position, now=moment, since=begun)
            if told["is_drained"] and told["now"] and _instant(told["now"]) == moment:
                return {**told, "failed": []}  # nothing is due on the way
        reached = self._perform_due_times(moment, begun, position)
        if reached < moment:
            return {**self._announced_since(position), "failed": []}
        end = _instant(then or now)
        if not jobs and moment == end:
            return {**self._move_and_tell(moment, begun, position), "failed": []}
        failed = perform_jobs(self.runtime.engine, self, jobs, moment, begun)
        reasons = [{"job": job, "reason": why(error)} for job, error in failed.items()]
        return {**self._go_on(moment if failed else end, begun, position), "failed": reasons}

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

        def count() -> dict[str, int]:
            found = {row.handler: row.waiting for row in self._ask(_UNHANDLED, pairs)}
            return dict.fromkeys(events, 0) | found

        def is_enough(counts: dict[str, int]) -> bool:
            return not any(counts.values())

        counts = _wait_until(is_enough, count, HANDLED)
        return {
            "unhandled": counts,
            **(self._announced_since(position) if is_enough(counts) else {}),
        }

    def _perform_due_times(self, until: datetime, since: datetime, position: int) -> datetime:
        """Perform what is due, one instant after another, as long as nothing is announced; the instant
        that is reached."""
        while self.due_handlers:
            [ahead] = self._ask(_AHEAD, {"due": list(self.due_handlers)})
            if ahead.is_retried and ahead.now is not None:
                return ahead.now
            if ahead.at is None or ahead.at > until:
                break
            reached = max(ahead.at, ahead.now or ahead.at)
            self._move_to(reached, since)
            if perform_due_times(self.runtime.engine, self) is None:
                SCHEDULED.wait(LOOK_SECONDS)
            elif self._ask(_HAS_NEWS, {"position": position})[0].has_news:
                return reached
        return until

    def _move_to(self, moment: datetime, since: datetime) -> None:
        self._look(partial(set_manual, now=moment, since=min(since, moment)))

    def _announced_since(self, position: int) -> dict[str, Any]:
        return _wait_until(_is_told, partial(self._tell, _TELL, position), PUBLISHED)

    def _move_and_tell(self, moment: datetime, since: datetime, position: int) -> dict[str, Any]:
        told = self._tell(_MOVE_AND_TELL, position, now=moment, since=since)
        if told["now"] is None:
            self._look(refuse_to_go_back)
        return told if _is_told(told) else self._announced_since(position)

    def _go_on(self, end: datetime, since: datetime, position: int) -> dict[str, Any]:
        """Tell what was announced since a position; if that is nothing, the clock goes on to the end."""
        go_on = partial(self._tell, _GO_ON_AND_TELL, position, now=end, since=since)
        return _wait_until(_is_told, go_on, PUBLISHED)

    def _tell(self, statement: Planned, position: int, **move: datetime) -> dict[str, Any]:
        asked = {"position": position, "limit": ANNOUNCED_MAX, "due": list(self.due_handlers)}
        first, *announced = self._ask(statement, {**asked, **move})
        events: dict[str, list[str]] = {}
        for row in announced:
            events.setdefault(row.name, []).append(row.event_id)
        return {
            "now": first.now and first.now.isoformat(),
            "position": announced[-1].position if announced else first.position,
            "is_drained": not first.is_waiting and len(announced) < ANNOUNCED_MAX,
            "next_due": first.next_due and first.next_due.isoformat(),
            "events": events,
        }

    def _ask(self, statement: Planned, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        return ask(self.runtime.engine, statement, values)

    def _look(self, work: Callable[[Session], Found]) -> Found:
        """One statement in a transaction of its own, without a BEGIN and a COMMIT around it."""
        engine = self.runtime.engine.execution_options(**ALONE)
        found: Found = run(engine, lambda session, _: work(session), Context())
        return found


def _is_told(answer: dict[str, Any]) -> bool:
    return answer["is_drained"] or bool(answer["events"])


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
