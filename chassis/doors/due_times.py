"""The way in of time: due times, each performed once, in the order of their instants.

One process of a service performs at a time. That it is done is committed with what was done: the row is
removed at the end, after all that the handler locks, as whoever moves it writes it. Where it was moved or
dropped meanwhile nothing was done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
import structlog
from eventlet.event import Event as Signal
from greenlet import GreenletExit
from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from chassis.contract import Due
from chassis.doors.due_failures import give_up
from chassis.doors.outages import is_database_away
from chassis.doors.perform import load
from chassis.doors.transaction import Context, run
from chassis.ground import metrics, tracing
from chassis.ground.bells import SCHEDULED
from chassis.ground.config import settings
from chassis.ground.logs import tell_seldom
from chassis.store import due_times
from chassis.store.clock import Clock
from chassis.store.dialect import ALONE
from chassis.wire.listener import limit
from kernel.callers import ITSELF
from kernel.refusals import Conflict

BATCH = 50
POLL_SECONDS = 0.5  # for what other replicas schedule; this process' own commits ring the bell
PAUSE_SECONDS = 1.0  # while the database is away

Choose = Callable[[Session, Clock], Sequence[Row[Any]]]


class _Moved(Exception):
    """One was moved or dropped while it was performed."""


class DueTimes:
    """Performs due times as their instants come."""

    def __init__(self, engine: Engine, make_service: Callable[[], Any]) -> None:
        self._engine = engine
        self._make_service = make_service
        self._is_stopping = False
        self._stopped = Signal()

    def run(self) -> None:
        """Perform until `stop`."""
        while not self._is_stopping:
            try:
                seconds = self._perform()
            except Exception as error:
                tell_seldom("due_times_interrupted", error=repr(error)[:300])
                seconds = PAUSE_SECONDS
            SCHEDULED.wait(seconds)
        self._stopped.send()

    def stop(self) -> None:
        """Finish what is begun, then end."""
        self._is_stopping = True
        SCHEDULED.ring()
        self._stopped.wait()

    def _perform(self) -> float:
        """Perform what has come; in how many seconds to look again."""
        service = self._make_service()
        while not self._is_stopping:
            seconds = seconds_left(self._engine, service)
            if seconds > 0:
                metrics.DUE_DEPTH.set(0)
                return seconds
            if perform_due_times(self._engine, service) is None:
                return POLL_SECONDS
        return 0.0


def due_handlers(contracts: Mapping[str, Any]) -> dict[str, str]:
    """The handlers of a service's due times, by the names of these."""
    return {
        contract.due.name: handler
        for handler, contract in contracts.items()
        if isinstance(contract, Due)
    }


def seconds_left(engine: Engine, service: Any) -> float:
    """In how many seconds something is to be performed, 0 where it is now; at most POLL_SECONDS."""

    def look(session: Session, clock: Clock) -> float:
        ahead = due_times.look_ahead(session, names=service.due_handlers)
        waits = [POLL_SECONDS]
        if ahead.at is not None:
            waits.append((ahead.at - clock.now()).total_seconds())
        if ahead.retry_seconds is not None:
            waits.append(ahead.retry_seconds)
        return max(0.0, min(waits))

    seconds: float = run(engine.execution_options(**ALONE), look, Context())
    return seconds


def perform_due_times(engine: Engine, service: Any) -> int | None:
    """Perform the first that have come, in one transaction; how many, None where another process does.
    Those that fail together are performed one after the other; one that fails alone is tried again later
    or parked. Raises where the database is away: that counts for nothing."""

    def choose(session: Session, clock: Clock) -> Sequence[Row[Any]]:
        names = service.due_handlers
        rows = due_times.read_due(session, now=clock.now(), names=names, limit=BATCH)
        metrics.DUE_DEPTH.set(len(rows))
        return _of_one_moment(rows) or due_times.read_retried(session, names=names)

    return _attempt(engine, service, choose)


def perform_parked(service: Any, session: Session, body: bytes) -> None:
    """Perform a parked due time now; Conflict where nobody here does."""
    found = orjson.loads(body)
    if found["due_time"] not in service.due_handlers:
        detail = f"No handler here is for {found['due_time']}; deploy one first, or discard it."
        raise Conflict("handler_unknown", detail)
    cause = (found["request_id"], found["trace"])
    service.caller = ITSELF
    _handle(session, service, found["due_time"], found["data"], cause)


def _attempt(engine: Engine, service: Any, choose: Choose) -> int | None:
    chosen: list[Row[Any]] = []

    def perform(session: Session, clock: Clock) -> bool:
        chosen.clear()
        if not due_times.take_turn(session):
            return False
        chosen.extend(choose(session, clock))
        if chosen:
            _perform(session, clock, service, chosen)
        return True

    try:
        with limit(_seconds_max(service)):
            is_our_turn = run(engine, perform, Context())
    except GreenletExit:
        raise
    except BaseException as problem:  # SystemExit or a stray Timeout must not end the process
        _judge(engine, service, chosen, problem)
        return len(chosen)
    _count(service, chosen)
    return len(chosen) if is_our_turn else None


def _perform(session: Session, clock: Clock, service: Any, rows: Sequence[Row[Any]]) -> None:
    service.clock, service.caller = clock, ITSELF
    for row in rows:
        clock.reach(row.at)
        cause = (row.request_id or "", row.trace)
        _handle(session, service, row.name, orjson.loads(row.data), cause)
    if due_times.remove(session, due_ids=[row.due_id for row in rows]) < len(rows):
        raise _Moved


def _handle(
    session: Session,
    service: Any,
    name: str,
    data: dict[str, Any],
    cause: tuple[str, str | None],
) -> None:
    handler = service.due_handlers[name]
    with (
        structlog.contextvars.bound_contextvars(request_id=cause[0]),
        tracing.span(handler, cause[1]),
    ):
        session.info["cause"] = cause
        service.methods[handler](service, session, **load(service.contracts[handler].due, data))
        session.flush()


def _judge(engine: Engine, service: Any, rows: Sequence[Row[Any]], problem: BaseException) -> None:
    """What becomes of those that were not performed together, or of the one that was not alone."""
    if isinstance(problem, _Moved):
        return
    if not rows or is_database_away(problem):
        raise problem
    if len(rows) == 1:
        give_up(engine, service, rows[0], problem)
        return
    for row in rows:
        _attempt(engine, service, partial(_this_one, row.due_id))


def _count(service: Any, rows: Sequence[Row[Any]]) -> None:
    handlers = service.due_handlers
    for row in rows:
        metrics.PERFORMED.labels(handlers[row.name], "done").inc()
        if not settings().is_clock_manual:
            metrics.DUE_LAG.observe(max(0.0, time.time() - row.at.timestamp()))


def _of_one_moment(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """With the manual clock a transaction is of one moment; with any other it is of now."""
    if not settings().is_clock_manual:
        return rows
    return [row for row in rows if row.at == rows[0].at]


def _this_one(due_id: int, session: Session, _: Clock) -> Sequence[Row[Any]]:
    return due_times.read_again(session, due_id=due_id)


def _seconds_max(service: Any) -> float:
    handlers = service.due_handlers.values()
    return max((service.contracts[one].seconds_max for one in handlers), default=0.0)
