"""The way in of events: what happens to one from its arrival to its acknowledgement.

Nothing that a message contains can end the process, and none is acknowledged before its effect is
committed, it is on the retry ladder, or it is parked.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import amqp
import eventlet
import structlog
from greenlet import GreenletExit
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from chassis import metrics, parking, topology
from chassis.bells import HANDLED
from chassis.calls import Envelope, Undecodable, attempts, read_event
from chassis.config import EVENT_PREFETCH, EVENT_WORKERS, EVENTS_AT_ONCE, settings
from chassis.contract import Consumer
from chassis.events import EVERY
from chassis.listener import Listener, limit
from chassis.perform import perform_events
from chassis.publisher import Message, NotConfirmed
from kernel.refusals import Unavailable

log = structlog.get_logger()


class EventQueues(SharedExtension):
    """The service's queues of events, and the one of messages that the broker took away.

    Events wait here for a free worker. Those of one queue that wait together are handled together, in
    one transaction, and one such batch of a queue at a time: when there is much to do, an event costs a
    part of a transaction instead of a whole one. Events that are handled alone run beside each other."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[EventEntrypoint, deque[amqp.Message]] = {}
        self._working: Counter[EventEntrypoint] = Counter()

    def setup(self) -> None:
        self.listener = Listener(f"{self.container.service_name} events", self._declare)

    def register(self, entrypoint: EventEntrypoint) -> None:
        """Let events for the handler in."""
        self._waiting[entrypoint] = deque()

    def start(self) -> None:
        self.container.spawn_managed_thread(self.listener.run, identifier="event listener")

    def drain(self) -> None:
        """Take no more events and wait until those begun are handled."""
        for waiting in self._waiting.values():
            while waiting:
                self.listener.back(waiting.popleft())
        self.listener.stop()

    def _declare(self, channel: Any) -> list[tuple[str, Any, int]]:
        service = self.container.service_name
        topology.declare(channel, service, [e.consumer.subscription for e in self._waiting])
        queues = []
        for entrypoint, waiting in self._waiting.items():
            waiting.clear()  # they came by a connection that is gone, and come again
            name = topology.event_queue(service, entrypoint.consumer.subscription).name
            queues.append((name, partial(self._received, entrypoint), EVENT_PREFETCH))
        return [*queues, (topology.dead_queue_name(service), self._received_dead, 1)]

    def _received(self, entrypoint: EventEntrypoint, _: Listener, message: amqp.Message) -> None:
        self._waiting[entrypoint].append(message)
        self._begin()

    def _begin(self) -> None:
        for entrypoint in list(self._waiting):
            waiting = self._waiting[entrypoint]
            is_alone = entrypoint.consumer.is_alone
            while (
                waiting
                and self._working.total() < EVENT_WORKERS
                and (is_alone or not self._working[entrypoint])
            ):
                count = 1 if is_alone else min(len(waiting), EVENTS_AT_ONCE)
                self._spawn(entrypoint, [waiting.popleft() for _ in range(count)])
                self._waiting[entrypoint] = self._waiting.pop(entrypoint)  # the last in line now

    def _spawn(self, entrypoint: EventEntrypoint, messages: list[amqp.Message]) -> None:
        def ended(_worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            self._working[entrypoint] -= 1
            self._begin()
            return result, exc_info

        try:
            self.container.spawn_worker(
                entrypoint, (self.listener, messages), {}, handle_result=ended
            )
            self._working[entrypoint] += 1
        except ContainerBeingKilled:
            for message in messages:
                self.listener.back(message)

    def _received_dead(self, listener: Listener, message: amqp.Message) -> None:
        runtime = self.container.service_cls.runtime.bound
        eventlet.spawn(_park_dead, runtime, listener, message)


class EventEntrypoint(Entrypoint):
    """A handler of one kind of event as nameko sees it."""

    queues = EventQueues()

    def __init__(self, consumer: Consumer, **options: Any) -> None:
        self.consumer = consumer
        super().__init__(**options)

    def setup(self) -> None:
        self.queues.register(self)

    def stop(self) -> None:
        self.queues.drain()


def handle_messages(
    service: Any,
    name: str,
    consumer: Consumer,
    method: Callable[..., Any],
    listener: Listener,
    messages: Sequence[amqp.Message],
) -> None:
    """Handle events of one queue, each done once, or on the ladder, or parked; then acknowledge them.
    Where one of several fails, each is handled by itself."""
    runtime = service.runtime
    queue = topology.event_queue(runtime.service_name, consumer.subscription).name
    try:
        events = [_read(consumer, message) for message in messages]
        with limit(consumer.seconds_max):
            new = perform_events(runtime.engine, service, name, consumer, method, events)
    except GreenletExit:
        raise
    except BaseException as problem:  # SystemExit or a stray Timeout must not wedge the message
        if len(messages) > 1 and not isinstance(problem, Unavailable):
            for message in messages:
                handle_messages(service, name, consumer, method, listener, [message])
            return
        metrics.HANDLED.labels(name, "failed").inc(len(messages))
        for message in messages:
            _try_later_or_park(runtime, queue, name, listener, message, problem)
        return
    HANDLED.ring()
    listener.done(*messages)
    for event in events:
        metrics.HANDLED.labels(name, "done" if event.event_id in new else "repeated").inc()
        if not settings().is_clock_manual:
            metrics.INBOX_LAG.observe(max(0.0, time.time() - event.occurred_at.timestamp()))


def _read(consumer: Consumer, message: amqp.Message) -> Envelope:
    event = read_event(message.body, message.headers or {})
    wanted = consumer.subscription
    if event.source != wanted.source or wanted.name not in (EVERY, event.name):
        raise Undecodable(f"{event.source}.{event.name} is not what this queue is for")
    return event


def _try_later_or_park(
    runtime: Any,
    queue: str,
    handler: str,
    listener: Listener,
    message: amqp.Message,
    error: BaseException,
) -> None:
    tried = attempts(message.headers or {})
    is_last = isinstance(error, Undecodable) or tried >= len(topology.RETRY_SECONDS)
    is_outage = isinstance(error, Unavailable)
    log.warning("event_failed", queue=queue, attempt=tried + 1, is_last=is_last, exc_info=error)
    try:
        if is_last and not is_outage:
            parking.park(runtime.engine, queue, handler, message, repr(error), tried + 1)
            metrics.PARKED.labels(queue).inc()
        else:
            _climb(runtime, queue, message, tried, is_outage=is_outage)
        listener.done(message)
    except Unavailable:
        _give_up_for_now(runtime, queue, listener, message, tried)
    except NotConfirmed as problem:
        log.warning("ladder_unreachable", queue=queue, error=repr(problem))
        eventlet.sleep(1)
        listener.back(message)


def _give_up_for_now(
    runtime: Any, queue: str, listener: Listener, message: amqp.Message, tried: int
) -> None:
    """It should be parked, but the database is away: it waits a step, as often as it takes."""
    try:
        _climb(runtime, queue, message, tried, is_outage=True)
        listener.done(message)
    except NotConfirmed:
        eventlet.sleep(1)
        listener.back(message)


def _climb(runtime: Any, queue: str, message: amqp.Message, tried: int, *, is_outage: bool) -> None:
    """Put the message on the step of the ladder it has reached; an outage does not count as a try."""
    step = min(tried, len(topology.RETRY_SECONDS) - 1)
    exchange = topology.retry_exchange(
        runtime.service_name, min(step, 1) if is_outage else step
    ).name
    runtime.publisher.publish(
        [
            Message(
                exchange=exchange,
                routing_key=queue,
                body=_bytes(message.body),
                message_id=str(message.properties.get("message_id") or ""),
                headers={"x-attempts": tried if is_outage else tried + 1},
            )
        ]
    )


def _park_dead(runtime: Any, listener: Listener, message: amqp.Message) -> None:
    deaths = (message.headers or {}).get("x-death") or [{}]
    queue = str(deaths[0].get("queue", "unknown")) if isinstance(deaths[0], dict) else "unknown"
    try:
        reason = "delivered too often without an end: it may kill whoever reads it"
        parking.park(runtime.engine, queue, None, message, reason, topology.DELIVERIES_MAX)
        listener.done(message)
    except Exception as problem:
        log.warning("dead_message_not_parked", queue=queue, error=repr(problem))
        eventlet.sleep(1)
        listener.back(message)


def _bytes(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
