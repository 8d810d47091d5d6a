"""The one transaction at the edge: its rows, its events and its answer are committed together."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import eventlet
import orjson
import psycopg2
import structlog
from sqlalchemy import Engine, Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis.doors.sessions import (
    Reading,
    is_away,
    is_busy,
    is_transient,
    is_wrong_value,
    open_session,
)
from chassis.doors.sight import keep_own_sight
from chassis.ground.bells import ANNOUNCED, SCHEDULED
from chassis.store.clock import Clock, read_clock
from chassis.store.dialect import ALONE, LAST
from chassis.store.due_times import write_due_times
from chassis.store.plans import Planned
from chassis.wire.sentences import say
from kernel.callers import ITSELF, Caller
from kernel.ids import new_id
from kernel.refusals import Invalid, NotKnownYet, Unavailable

ATTEMPTS = 4
AWAY = "The database is away; try again shortly."
EVENT_LAG_SECONDS = 1.0  # how long an event that feeds a local copy is waited for

log = structlog.get_logger()


@dataclass(frozen=True)
class Context:
    """What a transaction knows of the world: who asks, why, and until when."""

    caller: Caller = ITSELF
    request_id: str = ""
    trace: str | None = None
    if_match: Mapping[str, int] = field(default_factory=dict)
    deadline: float = 0.0  # Unix seconds; 0 is none


Work = Callable[[Session, Clock], Any]


def run(
    engine: Engine, work: Work, context: Context, *, patience_seconds: float = EVENT_LAG_SECONDS
) -> Any:
    """Run `work` in one transaction and return what it returns.

    Run again from the beginning when the database could not serialise it, closed the connection, or
    when what it needs of a local copy is still on its way. Raises Refusal, or the last failure."""
    return _persist(partial(_once, engine, work, context), patience_seconds)


def ask(engine: Engine, statement: Planned, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """Execute one statement, a transaction of its own with no session around it, as `run` would; its
    rows."""

    def execute(**_: bool) -> Sequence[Row[Any]]:
        with engine.connect().execution_options(**ALONE) as connection:
            return statement.execute(connection, values)

    rows: Sequence[Row[Any]] = _persist(execute, 0.0)
    return rows


def _persist(once: Callable[..., Any], patience_seconds: float) -> Any:
    patience = time.monotonic() + patience_seconds
    attempt = 0
    while True:
        attempt += 1
        is_patient = time.monotonic() < patience
        try:
            return once(is_patient=is_patient)
        except NotKnownYet:
            if not is_patient:
                raise
            attempt -= 1
        except (DBAPIError, StaleDataError) as error:
            if attempt == ATTEMPTS or not _may_succeed(error):
                raise _explained(error) from error
        except psycopg2.InterfaceError as error:  # a connection of the pool turned out to be closed
            if attempt == ATTEMPTS:
                raise Unavailable("database_unavailable", AWAY) from error
        except PoolTimeout as error:
            raise Unavailable("busy", "Too much at once; try again shortly.") from error
        eventlet.sleep(random.uniform(0.01, 0.05) * max(attempt, 1))  # noqa: S311


def _once(engine: Engine, work: Work, context: Context, *, is_patient: bool) -> Any:
    with open_session(engine, context.caller) as session, _transaction(session):
        session.info["if_match"] = context.if_match
        session.info["is_patient"] = is_patient
        session.info["cause"] = (context.request_id, context.trace)
        clock = read_clock(session)
        result = work(session, clock)
        session.flush()
        keep_own_sight(session)
        is_scheduled = write_due_times(session)
        has_news = write_outbox(session, clock)
    if has_news:
        ANNOUNCED.ring()
    if is_scheduled:
        SCHEDULED.ring()
    return result


def _transaction(session: Session) -> AbstractContextManager[Any]:
    """A query has nothing to commit: what it begins ends with its session, and may be nothing."""
    return nullcontext() if isinstance(session, Reading) else session.begin()


def _may_succeed(error: Exception) -> bool:
    return isinstance(error, StaleDataError) or (
        isinstance(error, DBAPIError) and is_transient(error)
    )


def _explained(error: DBAPIError | StaleDataError) -> Exception:
    if isinstance(error, StaleDataError) or is_busy(error):
        return Unavailable("busy", "Others are changing the same things; try again shortly.")
    if is_wrong_value(error):
        log.warning("value_refused_by_database", error=type(error.orig).__name__)
        return Invalid("invalid_value", "A value is too large, or none that can be; correct it.")
    if is_away(error):
        return Unavailable("database_unavailable", AWAY)
    return error


_WRITE_OUTBOX = text(
    """
    WITH new_event AS (
        SELECT * FROM unnest(
            CAST(:event_ids AS text[]), CAST(:names AS text[]), CAST(:versions AS int[]),
            CAST(:subjects AS text[]), CAST(:data AS text[]), CAST(:sentences AS text[]),
            CAST(:request_ids AS text[]), CAST(:traces AS text[])
        ) WITH ORDINALITY
            AS t (event_id, name, event_version, subject, data, sentence, request_id, trace, place)
    ), numbered AS (
        INSERT INTO subject_sequence AS s (subject, last)
        SELECT subject, count(*) FROM new_event GROUP BY subject ORDER BY subject
        ON CONFLICT (subject) DO UPDATE SET last = s.last + excluded.last
        RETURNING subject, last
    )
    INSERT INTO outbox (event_id, name, event_version, subject, sequence, occurred_at, data,
                        sentence, request_id, trace)
    SELECT event_id, name, event_version, subject,
           last - count(*) OVER (PARTITION BY subject)
               + row_number() OVER (PARTITION BY subject ORDER BY place),
           :occurred_at, data, sentence, request_id, trace
    FROM new_event JOIN numbered USING (subject) ORDER BY place
    """
)


def write_outbox(session: Session, clock: Clock) -> bool:
    """Store what was announced, numbered per subject, and commit; whether anything was. Last in the
    transaction, as the number's lock is held until the commit."""
    announced = session.info.pop("announced", [])
    if not announced:
        return False
    session.execute(
        _WRITE_OUTBOX,
        {
            "event_ids": [new_id("evt") for _ in announced],
            "names": [event.name for event, _, _ in announced],
            "versions": [event.event_version for event, _, _ in announced],
            "subjects": [data[event.about] for event, data, _ in announced],
            "data": [orjson.dumps(data).decode() for _, data, _ in announced],
            "sentences": [say(event, data) for event, data, _ in announced],
            "request_ids": [request_id or None for _, _, (request_id, _) in announced],
            "traces": [trace for _, _, (_, trace) in announced],
            "occurred_at": clock.now(),
        },
        execution_options=LAST,
    )
    return True
