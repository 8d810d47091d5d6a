"""The way in of events: what happens to one from its arrival to its acknowledgement.

Nothing that a message contains can end the process, and none is acknowledged before its effect is
committed, it is on the retry ladder, or it is parked.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import amqp
import eventlet
import structlog
from eventlet.hubs import get_hub
from greenlet import GreenletExit
from kombu import Connection
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from chassis.doors.acceptance import (
    Kind,
    Unusable,
    find_takers,
    find_unheard,
    handlers_by_queue,
    require_sender,
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
    GATHER_SECONDS,
    SLOW_SECONDS,
    settings,
)
from chassis.ground.logs import tell_seldom
from chassis.wire import topology
from chassis.wire.calls import Undecodable
from chassis.wire.envelopes import (
    Envelope,
    attempts_of,
    body_of,
    handlers_of,
    read_event,
    sender_of,
)
from chassis.wire.listener import Listener, limit
from kernel.refusals import Unavailable

ERROR_MAX = 300  # characters of an error that a line of the log has

log = structlog.get_logger()


class EventQueues(SharedExtension):
    """The service's queues of events, and the one of messages that the broker took away.

    Events wait here for those that are told with them, and for a free worker. Those of one queue that
    wait together are handled together, by all their handlers, in one transaction, and one such batch of a
    queue at a time: an event costs a part of a transaction instead of a whole one. What has failed before
    is handled alone, beside the batches, and beside a batch that takes long another one begins: nobody is
    held up. A batch that fails is halved, down to what fails by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._entrypoints: dict[str, EventEntrypoint] = {}
        self._carriers: dict[str, EventEntrypoint] = {}  # by queue
        self._waiting: dict[str, deque[amqp.Message]] = {}
        self._waiting_alone: deque[tuple[str, Sequence[amqp.Message]]] = deque()
        self._alone = self._batches = 0  # under way
        self._quick: dict[str, object] = {}  # the batch that its queue waits for

    def setup(self) -> None:
        self.listener = Listener(f"{self.container.service_name} events", self._prepare)

    def register(self, entrypoint: EventEntrypoint) -> None:
        """Let events for the handler in."""
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
        messages += [message for _, some in self._waiting_alone for message in some]
        for waiting in self._waiting.values():
            waiting.clear()
        self._waiting_alone.clear()
        return messages

    def _prepare(self, connection: Connection) -> list[tuple[str, Any, int]]:
        service = self.container.service_cls
        service.runtime.bound.watch.look(connection)
        self._forget()  # they came by a connection that is gone, and come again
        queues = []
        for queue, names in handlers_by_queue(service.name, service.contracts).items():
            self._carriers[queue] = self._entrypoints[names[0]]
            self._waiting.setdefault(queue, deque())
            is_alone = service.contracts[names[0]].is_alone
            received = self._received_alone if is_alone else self._received
            queues.append((queue, partial(received, queue), EVENT_PREFETCH))
        return [*queues, (topology.dead_queue_name(service.name), self._received_dead, 1)]

    def _received(self, queue: str, listener: Listener, message: amqp.Message) -> None:
        if attempts_of(message):
            self._received_alone(queue, listener, message)
            return
        waiting = self._waiting[queue]
        waiting.append(message)
        if len(waiting) == 1 and queue not in self._quick:
            get_hub().schedule_call_global(GATHER_SECONDS, eventlet.spawn_n, self._begin)

    def _received_alone(self, queue: str, _: Listener, message: amqp.Message) -> None:
        self._waiting_alone.append((queue, [message]))
        self._begin()

    def _begin(self) -> None:
        while self._waiting_alone and self._alone < ALONE_WORKERS:
            queue, messages = self._waiting_alone.popleft()
            self._alone += 1
            self._spawn(queue, messages, partial(self._ended_alone, queue))
        for queue, waiting in list(self._waiting.items()):
            if waiting and queue not in self._quick and self._batches < BATCH_WORKERS:
                self._begin_batch(queue, waiting)
                self._waiting[queue] = self._waiting.pop(queue)  # the last in line now

    def _begin_batch(self, queue: str, waiting: deque[amqp.Message]) -> None:
        messages = [waiting.popleft() for _ in range(min(len(waiting), EVENTS_AT_ONCE))]
        batch = self._quick[queue] = object()
        self._batches += 1

        def is_not_waited_for() -> None:
            if self._quick.get(queue) is batch:
                del self._quick[queue]

        def takes_long() -> None:
            is_not_waited_for()
            self._begin()

        def ended(failed: Any) -> None:
            slow.cancel()
            is_not_waited_for()
            self._batches -= 1
            self._halve(queue, failed)

        # A timer of the hub: a greenthread that is cancelled stays in memory until its time has come.
        slow = get_hub().schedule_call_global(SLOW_SECONDS, eventlet.spawn_n, takes_long)
        self._spawn(queue, messages, ended)

    def _halve(self, queue: str, failed: Sequence[amqp.Message] | None) -> None:
        middle = len(failed or ()) // 2
        if failed:
            self._waiting_alone.extend([(queue, failed[:middle]), (queue, failed[middle:])])

    def _spawn(
        self, queue: str, messages: Sequence[amqp.Message], ended: Callable[..., None]
    ) -> None:
        def on_result(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            ended(result)
            self._begin()
            return result, exc_info

        try:
            self.container.spawn_worker(
                self._carriers[queue], (queue, self.listener, messages), {}, handle_result=on_result
            )
        except ContainerBeingKilled:
            for message in messages:
                self.listener.back(message)

    def _ended_alone(self, queue: str, failed: Any) -> None:
        self._alone -= 1
        self._halve(queue, failed)

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
    """A handler of events as nameko sees it; the first one of a queue lets in what is for all of them."""

    queues = EventQueues()

    def setup(self) -> None:
        self.queues.register(self)

    def stop(self) -> None:
        self.queues.drain()


class Delivery(NamedTuple):
    """An event, the message that brought it, who is to handle it, and what of it nobody here takes."""

    message: amqp.Message
    event: Envelope
    handlers: list[str]
    unheard: Unusable | None


def handle_messages(
    service: Any, queue: str, listener: Listener, messages: Sequence[amqp.Message]
) -> Sequence[amqp.Message]:
    """Handle events of one queue, each done once by each of its handlers, or on the ladder, or parked;
    then acknowledge them. Where several have failed together, nothing was done: they are returned."""
    failures = Failures(service.runtime, queue, listener)
    deliveries = list(_read_all(service, queue, failures, messages))
    if not deliveries:
        return ()
    done, problem = _perform(service, [(one.event, one.handlers) for one in deliveries])
    if problem is None:
        _settle(failures, deliveries, done)
        return ()
    if len(deliveries) > 1 and not isinstance(problem, Unavailable):
        return [one.message for one in deliveries]
    for delivery in deliveries:
        _handle_apart(service, failures, delivery, problem)
    return ()


def _read_all(
    service: Any, queue: str, failures: Failures, messages: Sequence[amqp.Message]
) -> Iterator[Delivery]:
    """The events that somebody here takes; all else is given up."""
    contracts = service.contracts
    names = handlers_by_queue(service.name, contracts)[queue]

    @cache  # among many that wait together most are of one kind
    def look(kind: Kind) -> tuple[list[str], Unusable | None]:
        return find_takers(contracts, names, kind), find_unheard(service, names, kind)

    for message in messages:
        try:
            event = read_event(body_of(message), attempts_of(message))
            require_sender(event, sender_of(message))
        except (Undecodable, Unusable) as problem:
            failures.give_up(message, {None: problem})
            continue
        takers, unheard = look(Kind(event.source, event.name, event.event_version))
        if again := [name for name in takers if name in handlers_of(message)]:
            takers, unheard = again, None  # the rest was done, or parked
        if takers:
            yield Delivery(message, event, takers, unheard)
        else:
            assert unheard is not None, "whoever takes nothing of it says why"
            failures.give_up(message, {None: unheard})


def _perform(
    service: Any, deliveries: Sequence[tuple[Envelope, Sequence[str]]]
) -> tuple[set[tuple[str, str]], BaseException | None]:
    """What was handled now, or the problem with all of it."""
    longest = max(service.contracts[name].seconds_max for _, names in deliveries for name in names)
    try:
        with limit(longest):
            return perform_events(service.runtime.engine, service, deliveries), None
    except GreenletExit:
        raise
    except BaseException as problem:  # SystemExit or a stray Timeout must not wedge the message
        return set(), problem


def _handle_apart(
    service: Any, failures: Failures, delivery: Delivery, problem: BaseException
) -> None:
    """What all handlers of an event could not do together, each tries by itself."""
    names, event = delivery.handlers, delivery.event
    problems: dict[str | None, BaseException] = dict.fromkeys(names, problem)
    if len(names) > 1 and not isinstance(problem, Unavailable):
        tries = {name: _perform(service, [(event, [name])])[1] for name in names}
        problems = {name: failed for name, failed in tries.items() if failed is not None}
    if delivery.unheard is not None:
        problems[None] = delivery.unheard
    with structlog.contextvars.bound_contextvars(**event.ids):
        failures.give_up(delivery.message, problems)


def _settle(failures: Failures, deliveries: Sequence[Delivery], done: set[tuple[str, str]]) -> None:
    HANDLED.ring()
    failures.listener.done(*(one.message for one in deliveries if one.unheard is None))
    for message, event, names, unheard in deliveries:
        if unheard is not None:
            failures.give_up(message, {None: unheard})
        for name in names:
            is_new = (event.event_id, name) in done
            metrics.HANDLED.labels(name, "done" if is_new else "repeated").inc()
            done.discard((event.event_id, name))
        if not settings().is_clock_manual:
            metrics.INBOX_LAG.observe(max(0.0, time.time() - event.occurred_at.timestamp()))
