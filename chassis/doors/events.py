"""The way in of events: what happens to one from its arrival to its acknowledgement.

Nothing that a message contains can end the process, and none is acknowledged before its effect is
committed, it is on the retry ladder, or it is parked.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import amqp
import eventlet
import structlog
from eventlet.hubs import get_hub
from greenlet import GreenletExit
from kombu import Connection
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from chassis.contract import Consumer
from chassis.doors.acceptance import (
    Unusable,
    find_taker,
    handlers_by_queue,
    require_sender,
    require_taken,
)
from chassis.doors.failures import Failures, park_dead
from chassis.doors.perform import perform_events
from chassis.ground import metrics
from chassis.ground.bells import HANDLED
from chassis.ground.config import (
    ALONE_WORKERS,
    BATCH_WORKERS,
    EVENT_PREFETCH,
    EVENTS_AT_ONCE,
    SLOW_SECONDS,
    settings,
)
from chassis.ground.logs import tell_seldom
from chassis.wire import topology
from chassis.wire.calls import Undecodable
from chassis.wire.envelopes import Envelope, attempts_of, body_of, read_event, sender_of
from chassis.wire.listener import Listener, limit
from kernel.refusals import Unavailable

ERROR_MAX = 300  # characters of an error that a line of the log has

log = structlog.get_logger()


class EventQueues(SharedExtension):
    """The service's queues of events, and the one of messages that the broker took away.

    Events wait here for a free worker. Those of one queue that wait together are handled together, in
    one transaction, and one such batch of a queue at a time: when there is much to do, an event costs a
    part of a transaction instead of a whole one. What has failed before is handled alone, beside the
    batches, and beside a batch that takes long another one begins: nobody is held up."""

    def __init__(self) -> None:
        super().__init__()
        self._entrypoints: dict[str, EventEntrypoint] = {}
        self._waiting: dict[EventEntrypoint, deque[amqp.Message]] = {}
        self._waiting_alone: deque[tuple[EventEntrypoint, amqp.Message]] = deque()
        self._alone = self._batches = 0  # under way
        self._quick: dict[EventEntrypoint, object] = {}  # the batch that its queue waits for

    def setup(self) -> None:
        self.listener = Listener(f"{self.container.service_name} events", self._prepare)

    def register(self, entrypoint: EventEntrypoint) -> None:
        """Let events for the handler in."""
        self._waiting[entrypoint] = deque()
        self._entrypoints[entrypoint.method_name] = entrypoint

    def start(self) -> None:
        self.container.spawn_managed_thread(self.listener.run, identifier="event listener")

    def drain(self) -> None:
        """Take no more events and wait until those begun are handled."""
        for message in self._forget():
            self.listener.back(message)
        self.listener.stop()

    def _forget(self) -> list[amqp.Message]:
        messages = [message for waiting in self._waiting.values() for message in waiting]
        messages += [message for _, message in self._waiting_alone]
        for waiting in self._waiting.values():
            waiting.clear()
        self._waiting_alone.clear()
        return messages

    def _prepare(self, connection: Connection) -> list[tuple[str, Any, int]]:
        service = self.container.service_cls
        service.runtime.bound.watch.look(connection)
        self._forget()  # they came by a connection that is gone, and come again
        queues = [
            (queue, partial(self._received, names), EVENT_PREFETCH)
            for queue, names in handlers_by_queue(service.name, service.contracts).items()
        ]
        return [*queues, (topology.dead_queue_name(service.name), self._received_dead, 1)]

    def _received(self, handlers: list[str], _: Listener, message: amqp.Message) -> None:
        entrypoint = self._entrypoints[self._choose(handlers, message)]
        if entrypoint.consumer.is_alone or attempts_of(message):
            self._waiting_alone.append((entrypoint, message))
        else:
            self._waiting[entrypoint].append(message)
        self._begin()

    def _choose(self, handlers: list[str], message: amqp.Message) -> str:
        """The handler that takes the message's version; any where none does, or it cannot be read."""
        taker = None
        if len(handlers) > 1:
            with suppress(Undecodable):
                event = read_event(body_of(message))
                taker = find_taker(self.container.service_cls.contracts, handlers, event)
        return taker or handlers[0]

    def _begin(self) -> None:
        while self._waiting_alone and self._alone < ALONE_WORKERS:
            entrypoint, message = self._waiting_alone.popleft()
            self._alone += 1
            self._spawn(entrypoint, [message], self._ended_alone)
        for entrypoint, waiting in list(self._waiting.items()):
            if waiting and entrypoint not in self._quick and self._batches < BATCH_WORKERS:
                self._begin_batch(entrypoint, waiting)
                self._waiting[entrypoint] = self._waiting.pop(entrypoint)  # the last in line now

    def _begin_batch(self, entrypoint: EventEntrypoint, waiting: deque[amqp.Message]) -> None:
        messages = [waiting.popleft() for _ in range(min(len(waiting), EVENTS_AT_ONCE))]
        batch = self._quick[entrypoint] = object()
        self._batches += 1

        def is_not_waited_for() -> None:
            if self._quick.get(entrypoint) is batch:
                del self._quick[entrypoint]

        def takes_long() -> None:
            is_not_waited_for()
            self._begin()

        def ended(failed: Any) -> None:
            slow.cancel()
            is_not_waited_for()
            self._batches -= 1
            self._waiting_alone.extend((entrypoint, message) for message in failed or ())

        # A timer of the hub: a greenthread that is cancelled stays in memory until its time has come.
        slow = get_hub().schedule_call_global(SLOW_SECONDS, eventlet.spawn_n, takes_long)
        self._spawn(entrypoint, messages, ended)

    def _spawn(
        self, entrypoint: EventEntrypoint, messages: list[amqp.Message], ended: Callable[..., None]
    ) -> None:
        def on_result(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            ended(result)
            self._begin()
            return result, exc_info

        try:
            self.container.spawn_worker(
                entrypoint, (self.listener, messages), {}, handle_result=on_result
            )
        except ContainerBeingKilled:
            for message in messages:
                self.listener.back(message)

    def _ended_alone(self, _: Any) -> None:
        self._alone -= 1

    def _received_dead(self, listener: Listener, message: amqp.Message) -> None:
        eventlet.spawn(self._park_dead, listener, message)

    def _park_dead(self, listener: Listener, message: amqp.Message) -> None:
        try:
            park_dead(self.container.service_cls, message)
            listener.done(message)
        except Exception as problem:
            tell_seldom("dead_message_not_parked", error=repr(problem)[:ERROR_MAX])
            eventlet.sleep(1)
            listener.back(message)


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
    service: Any, name: str, listener: Listener, messages: Sequence[amqp.Message]
) -> Sequence[amqp.Message]:
    """Handle events of one queue, each done once, or on the ladder, or parked; then acknowledge them.
    Where several have failed together, nothing was done: they are returned, to be handled alone."""
    runtime, consumer = service.runtime, service.contracts[name]
    queue = topology.event_queue_name(runtime.service_name, consumer.subscription)
    failures = Failures(runtime, queue, name, listener)
    events: dict[amqp.Message, Envelope] = {}
    for message in messages:
        try:
            events[message] = _read(consumer, message)
        except (Undecodable, Unusable) as problem:
            failures.give_up(message, problem)
    if not events:
        return ()
    try:
        with limit(consumer.seconds_max):
            new = perform_events(runtime.engine, service, name, list(events.values()))
    except GreenletExit:
        raise
    except BaseException as problem:  # SystemExit or a stray Timeout must not wedge the message
        if len(events) > 1 and not isinstance(problem, Unavailable):
            return list(events)
        for message, event in events.items():
            with structlog.contextvars.bound_contextvars(**event.ids):
                failures.give_up(message, problem)
        return ()
    HANDLED.ring()
    listener.done(*events)
    for event in events.values():
        metrics.HANDLED.labels(name, "done" if event.event_id in new else "repeated").inc()
        new.discard(event.event_id)
        if not settings().is_clock_manual:
            metrics.INBOX_LAG.observe(max(0.0, time.time() - event.occurred_at.timestamp()))
    return ()


def _read(consumer: Consumer, message: amqp.Message) -> Envelope:
    event = read_event(body_of(message), attempts_of(message))
    require_sender(event, sender_of(message))
    require_taken(consumer, event)
    return event
