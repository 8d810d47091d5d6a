"""What becomes of a due time that was not performed: tried again later, or parked beside the messages."""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from sqlalchemy import Engine, Row, insert
from sqlalchemy.orm import Session

from chassis.doors.acceptance import Why
from chassis.doors.outages import is_outage
from chassis.doors.transaction import Context, run
from chassis.ground import metrics
from chassis.ground.logs import tell_seldom
from chassis.store import due_times
from chassis.store.clock import Clock
from chassis.store.tables import parked
from chassis.wire.listener import Overrun
from chassis.wire.topology import RETRY_SECONDS
from kernel.ids import new_id
from kernel.refusals import Refusal, Unavailable

ERROR_MAX = 2000

log = structlog.get_logger()


def queue_of(service: str) -> str:
    """Where parked due times of a service were to be handled."""
    return f"{service}.due"


def give_up(engine: Engine, service: Any, row: Row[Any], problem: BaseException) -> None:
    """Try it again later, or park it where that is of no use."""
    handler, queue = service.due_handlers[row.name], queue_of(service.name)
    is_last = row.tried >= len(RETRY_SECONDS) or not is_outage(problem)
    metrics.PERFORMED.labels(handler, "failed").inc()
    _tell(problem, handler=handler, key=row.key, attempt=row.tried + 1, is_last=is_last)

    def settle(session: Session, _: Clock) -> None:
        if not is_last:
            seconds = RETRY_SECONDS[row.tried]
            due_times.put_off(session, due_id=row.due_id, tried=row.tried, seconds=seconds)
        elif due_times.remove(session, due_ids=[row.due_id]):
            session.execute(insert(parked).values(_as_parked(row, queue, handler, problem)))
            metrics.PARKED.labels(queue, Why.FAILED).inc()

    run(engine, settle, Context())


def _as_parked(row: Row[Any], queue: str, handler: str, problem: BaseException) -> dict[str, Any]:
    data = orjson.loads(row.data)
    body = {
        "due_time": row.name,
        "key": row.key,
        "at": row.at,
        "data": data,
        "request_id": row.request_id or "",
        "trace": row.trace,
    }
    return {
        "parked_id": new_id("prk"),
        "queue": queue,
        "handler": handler,
        "account_id": data.get("account_id"),
        "body": orjson.dumps(body),
        "why": Why.FAILED,
        "error": repr(problem).replace("\x00", "")[:ERROR_MAX],
        "attempts": row.tried + 1,
    }


def _tell(problem: BaseException, **fields: Any) -> None:
    """One line; an outage has one for all that it keeps waiting, and only a fault has a traceback."""
    if isinstance(problem, Unavailable):
        tell_seldom("due_time_put_off", of=fields["handler"], error=problem.detail)
    elif isinstance(problem, Refusal | Overrun):
        log.warning("due_time_failed", error=repr(problem), **fields)
    else:
        log.warning("due_time_failed", exc_info=problem, **fields)
