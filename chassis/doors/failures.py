"""What becomes of a message that was not handled: the ladder's next step, or the table of parked ones.

None is acknowledged before it is in either.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import amqp
import eventlet
import structlog

from chassis.doors import parking
from chassis.doors.acceptance import Unusable, Why, find_taker, handlers_by_queue
from chassis.doors.outages import is_database_away, is_outage
from chassis.ground import metrics
from chassis.ground.logs import tell_seldom
from chassis.wire import topology
from chassis.wire.calls import Undecodable
from chassis.wire.envelopes import (
    ATTEMPTS_HEADER,
    SENDER_HEADER,
    attempts_of,
    body_of,
    read_event,
    sender_of,
)
from chassis.wire.listener import Listener, Overrun
from chassis.wire.publisher import Message, NotConfirmed
from kernel.refusals import Refusal, Unavailable

STEPS = topology.RETRY_SECONDS
PAUSE_SECONDS = 1.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Failures:
    """What did not go well in one queue."""

    runtime: Any
    queue: str
    handler: str | None
    listener: Listener

    def give_up(self, message: amqp.Message, error: BaseException) -> None:
        """Try the message again later, or park it where that is of no use; then acknowledge it."""
        tried = attempts_of(message)
        is_away = is_database_away(error)
        is_last = not is_away and (tried >= len(STEPS) or not is_outage(error))
        metrics.HANDLED.labels(self.handler, "failed").inc()
        if isinstance(error, Unusable) and error.why == Why.FORGED:
            note_forged(self.queue, message)
        else:
            _tell(error, queue=self.queue, attempt=tried + 1, is_last=is_last)
        if is_last:
            self.park(message, repr(error), _why(error), tried + 1)
        elif is_away:
            self._settle(message, lambda: self._wait(message))
        else:
            self._settle(message, lambda: self._climb(message, tried, tried + 1))

    def park(self, message: amqp.Message, error: str, why: Why, tried: int) -> None:
        """Park a message and acknowledge it. While the database is away it waits on the ladder."""

        def store() -> None:
            try:
                parking.park(
                    self.runtime.engine,
                    message,
                    queue=self.queue,
                    handler=self.handler,
                    error=error,
                    why=why,
                    tried=tried,
                )
            except Unavailable:
                self._wait(message)
            else:
                metrics.PARKED.labels(self.queue, why).inc()

        self._settle(message, store)

    def _settle(self, message: amqp.Message, action: Callable[[], None]) -> None:
        try:
            action()
            self.listener.done(message)
        except NotConfirmed as problem:
            tell_seldom("ladder_unreachable", of=self.queue, error=repr(problem))
            eventlet.sleep(PAUSE_SECONDS)
            self.listener.back(message)

    def _wait(self, message: amqp.Message) -> None:
        tried = attempts_of(message)
        self._climb(message, min(tried, 1), tried)

    def _climb(self, message: amqp.Message, step: int, attempts: int) -> None:
        """Put the message on a step of the ladder. It comes back as from ourselves, so who sent it goes
        along: else waiting there would make a forged one ours."""
        step = min(step, len(STEPS) - 1)
        self.runtime.publisher.publish(
            [
                Message(
                    exchange=topology.retry_exchange(self.runtime.service_name, step).name,
                    routing_key=self.queue,
                    body=body_of(message),
                    message_id=str(message.properties.get("message_id") or ""),
                    headers={ATTEMPTS_HEADER: attempts, SENDER_HEADER: sender_of(message)},
                )
            ]
        )


def note_forged(queue: str, message: amqp.Message) -> None:
    """Count and tell a message of somebody who may not send it; told seldom, as there may be floods."""
    metrics.FORGED.labels(queue).inc()
    tell_seldom("message_forged", of=queue, sender=sender_of(message))


def park_dead(service: Any, message: amqp.Message) -> None:
    """Park a message that the broker took away from one of the service's queues."""
    deaths = (message.headers or {}).get("x-death") or [{}]
    queue = str(deaths[0].get("queue", "unknown")) if isinstance(deaths[0], dict) else "unknown"
    handler = None
    with suppress(Undecodable):
        names = handlers_by_queue(service.name, service.contracts).get(queue, ())
        handler = find_taker(service.contracts, names, read_event(body_of(message)))
    parking.park(
        service.runtime.bound.engine,
        message,
        queue=queue,
        handler=handler,
        error="delivered too often without an end: it may kill whoever reads it",
        why=Why.DELIVERED_TOO_OFTEN,
        tried=topology.DELIVERIES_MAX,
    )
    metrics.PARKED.labels(queue, Why.DELIVERED_TOO_OFTEN).inc()


def _tell(error: BaseException, *, queue: str, **fields: Any) -> None:
    """One line. An outage has one for all that it keeps waiting, and only a fault has a traceback."""
    if isinstance(error, Unavailable):
        tell_seldom("event_put_off", of=queue, code=error.code, error=error.detail)
    elif isinstance(error, Refusal | Undecodable | Unusable | Overrun):
        log.warning("event_failed", queue=queue, error=repr(error), **fields)
    else:
        log.warning("event_failed", queue=queue, exc_info=error, **fields)


def _why(error: BaseException) -> Why:
    if isinstance(error, Unusable):
        return error.why
    return Why.UNDECODABLE if isinstance(error, Undecodable) else Why.FAILED
