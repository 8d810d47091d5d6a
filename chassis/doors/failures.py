"""What becomes of a message that was not handled: the ladder's next step, or the table of parked ones.

None is acknowledged before it is in either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import amqp
import eventlet
import structlog

from chassis.doors import parking
from chassis.doors.acceptance import Unusable, Why, find_takers, handlers_by_queue
from chassis.doors.outages import DATABASE_AWAY, is_database_away, is_outage
from chassis.ground import metrics
from chassis.ground.logs import tell_seldom
from chassis.wire import topology
from chassis.wire.calls import Undecodable
from chassis.wire.envelopes import (
    ATTEMPTS_HEADER,
    HANDLERS_HEADER,
    SENDER_HEADER,
    Envelope,
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
    listener: Listener

    def give_up(self, message: amqp.Message, problems: Mapping[str | None, BaseException]) -> None:
        """Try the message again later for the handlers for which that may be of use, and park it for the
        others; then acknowledge it. Nobody's problem is one with the message itself."""
        tried = attempts_of(message)
        last = {
            handler: error for handler, error in problems.items() if not _may_succeed(error, tried)
        }
        again = {handler: error for handler, error in problems.items() if handler not in last}
        for handler, error in problems.items():
            self._note(message, handler, error, is_last=handler in last)

        def settle() -> None:
            left = dict(again)
            for handler, error in last.items():
                if not self._park(message, handler, error):
                    left[handler] = Unavailable(DATABASE_AWAY, "The database is away.")
            if left:
                self._climb(message, left)

        self._settle(message, settle)

    def _note(
        self, message: amqp.Message, handler: str | None, error: BaseException, *, is_last: bool
    ) -> None:
        metrics.HANDLED.labels(handler, "failed").inc()
        if isinstance(error, Unusable) and error.why == Why.FORGED:
            note_forged(self.queue, message)
        else:
            tried = attempts_of(message) + 1
            _tell(error, queue=self.queue, handler=handler, attempt=tried, is_last=is_last)

    def _park(self, message: amqp.Message, handler: str | None, error: BaseException) -> bool:
        """Whether it could be parked: not while the database is away."""
        why = _why(error)
        try:
            parking.park(
                self.runtime.engine,
                message,
                queue=self.queue,
                handler=handler,
                error=repr(error),
                why=why,
                tried=attempts_of(message) + 1,
            )
        except Unavailable:
            return False
        if why == Why.EVENT_UNKNOWN:
            self._want_no_more(read_event(body_of(message)))
        metrics.PARKED.labels(self.queue, why).inc()
        return True

    def _want_no_more(self, event: Envelope) -> None:
        exchange = topology.events_exchange(event.source).name
        self.runtime.watch.want_no_more(self.queue, topology.Binding(exchange, event.name))

    def _settle(self, message: amqp.Message, action: Callable[[], None]) -> None:
        try:
            action()
            self.listener.done(message)
        except NotConfirmed as problem:
            tell_seldom("ladder_unreachable", of=self.queue, error=repr(problem))
            eventlet.sleep(PAUSE_SECONDS)
            self.listener.back(message)

    def _climb(self, message: amqp.Message, problems: Mapping[str | None, BaseException]) -> None:
        """Put the message on a step of the ladder. It comes back as from ourselves, so who sent it goes
        along: else waiting there would make a forged one ours. While the database is away a try does not
        count."""
        tried = attempts_of(message)
        is_away = all(is_database_away(error) for error in problems.values())
        step = min(tried, 1) if is_away else min(tried, len(STEPS) - 1)
        self.runtime.publisher.publish(
            [
                Message(
                    exchange=topology.retry_exchange(self.runtime.service_name, step).name,
                    routing_key=self.queue,
                    body=body_of(message),
                    message_id=str(message.properties.get("message_id") or ""),
                    headers={
                        ATTEMPTS_HEADER: tried if is_away else tried + 1,
                        SENDER_HEADER: sender_of(message),
                        HANDLERS_HEADER: " ".join(sorted(filter(None, problems))),
                    },
                )
            ]
        )


def _may_succeed(error: BaseException, tried: int) -> bool:
    """Whether a message is to be tried again. One that a newer version of this service has asked for may
    come to one that knows it."""
    is_for_others = isinstance(error, Unusable) and error.why == Why.EVENT_UNKNOWN
    return is_database_away(error) or (tried < len(STEPS) and (is_outage(error) or is_for_others))


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
        takers = find_takers(service.contracts, names, read_event(body_of(message)))
        handler = takers[0] if len(takers) == 1 else None
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
