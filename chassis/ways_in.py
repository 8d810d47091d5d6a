"""The ways in: what happens to a message from its arrival to its acknowledgement.

nameko entrypoints, and the extensions they share. Nothing that a message contains can end the process,
and no message is acknowledged before its effect is committed, is on the retry ladder, or is parked.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import amqp
import eventlet
import orjson
import structlog
from greenlet import GreenletExit
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from chassis import metrics, parking, topology, tracing
from chassis.calls import INTERNAL, Undecodable, attempts, read_call, read_event
from chassis.config import EVENT_PREFETCH, EVENT_WORKERS, RPC_PREFETCH, settings
from chassis.contract import Consumer, Endpoint, Internal
from chassis.events import EVERY
from chassis.listener import Listener
from chassis.perform import perform_endpoint, perform_event
from chassis.publisher import Message, NotConfirmed
from kernel.refusals import Refusal, Unavailable

log = structlog.get_logger()


class Overrun(Exception):
    """The work took longer than its entrypoint allows."""


class RpcQueue(SharedExtension):
    """The service's queue of requests. Answers go out on the channel the requests came in by."""

    def __init__(self) -> None:
        super().__init__()
        self._entrypoints: dict[str, RpcEntrypoint] = {}

    def setup(self) -> None:
        self.listener = Listener(f"{self.container.service_name} rpc", self._declare)

    def register(self, entrypoint: RpcEntrypoint) -> None:
        """Let requests for the method in."""
        self._entrypoints[entrypoint.method_name] = entrypoint

    def start(self) -> None:
        self.container.spawn_managed_thread(self.listener.run, identifier="rpc listener")

    def drain(self) -> None:
        """Take no more requests and wait until those taken are answered."""
        self.listener.stop()

    def _declare(self, channel: Any) -> list[tuple[str, Any, int]]:
        queue = topology.rpc_queue(self.container.service_name)
        queue.bind(channel).declare()
        eventlet.spawn(self.container.service_cls.runtime.bound.announce_presence)
        return [(queue.name, self._received, RPC_PREFETCH)]

    def _received(self, listener: Listener, message: amqp.Message) -> None:
        name = message.delivery_info["routing_key"].partition(".")[2]
        entrypoint = self._entrypoints.get(name)
        if entrypoint is None:
            error = {"exc_type": "MethodNotFound", "exc_path": "nameko.exceptions.MethodNotFound"}
            content = {"result": None, "error": {**error, "exc_args": [name], "value": name}}
            _reply(listener, message, orjson.dumps(content), is_replay=False)
            return
        try:
            self.container.spawn_worker(entrypoint, (listener, message), {})
        except ContainerBeingKilled:
            listener.back(message)


class RpcEntrypoint(Entrypoint):
    """A command, a query or an internal method as nameko sees it."""

    queue = RpcQueue()

    def setup(self) -> None:
        self.queue.register(self)

    def stop(self) -> None:
        self.queue.drain()


class EventQueues(SharedExtension):
    """The service's queues of events, and the one of messages that the broker took away.

    Some events of each queue are taken from the broker and wait here for a free worker: with as many
    queues as workers, one at a time of each would be slow, and the broker knows no common limit."""

    def __init__(self) -> None:
        super().__init__()
        self._entrypoints: list[EventEntrypoint] = []
        self._waiting: deque[tuple[EventEntrypoint, Listener, amqp.Message]] = deque()
        self._working = 0

    def setup(self) -> None:
        self.listener = Listener(f"{self.container.service_name} events", self._declare)

    def register(self, entrypoint: EventEntrypoint) -> None:
        """Let events for the handler in."""
        self._entrypoints.append(entrypoint)

    def start(self) -> None:
        self.container.spawn_managed_thread(self.listener.run, identifier="event listener")

    def drain(self) -> None:
        """Take no more events and wait until those begun are handled."""
        while self._waiting:
            _, listener, message = self._waiting.popleft()
            listener.back(message)
        self.listener.stop()

    def _declare(self, channel: Any) -> list[tuple[str, Any, int]]:
        service = self.container.service_name
        topology.declare(channel, service, [e.consumer.subscription for e in self._entrypoints])
        self._waiting.clear()  # they came by a connection that is gone, and come again
        queues = [
            (
                topology.event_queue(service, e.consumer.subscription).name,
                partial(self._received, e),
                EVENT_PREFETCH,
            )
            for e in self._entrypoints
        ]
        return [*queues, (topology.dead_queue_name(service), self._received_dead, 1)]

    def _received(
        self, entrypoint: EventEntrypoint, listener: Listener, message: amqp.Message
    ) -> None:
        self._waiting.append((entrypoint, listener, message))
        self._begin()

    def _begin(self) -> None:
        while self._waiting and self._working < EVENT_WORKERS:
            entrypoint, listener, message = self._waiting.popleft()
            try:
                self._working += 1
                self.container.spawn_worker(
                    entrypoint, (listener, message), {}, handle_result=self._ended
                )
            except ContainerBeingKilled:
                listener.back(message)

    def _ended(self, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._working -= 1
        self._begin()
        return result, exc_info

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


def answer_request(
    service: Any,
    name: str,
    contract: Endpoint | Internal,
    method: Callable[..., Any],
    listener: Listener,
    message: amqp.Message,
) -> None:
    """Answer one RPC request, whatever it is, and acknowledge it."""
    started = time.perf_counter()
    is_replay, outcome, error = False, "ok", None
    result = b"null"
    try:
        call = read_call(message.body, message.headers or {})
        structlog.contextvars.bind_contextvars(request_id=call.request_id, method=name)
        with tracing.span(f"{name}", call.trace), _limit(_seconds_left(contract, call.deadline)):
            if isinstance(contract, Endpoint):
                engine = service.runtime.engine_for(contract)
                result, is_replay = perform_endpoint(engine, service, name, contract, method, call)
                service.runtime.relay.poke()
            else:
                call.caller.require(INTERNAL)
                result = orjson.dumps(method(service, **call.kwargs))
    except Refusal as refusal:
        outcome, error = refusal.code, _problem(refusal)
    except Undecodable as problem:
        outcome, error = "undecodable", _fault(problem, status=400, code="undecodable")
    except GreenletExit:
        raise
    except Overrun:
        late = Unavailable("too_slow", "This took too long and was undone; try again.")
        outcome, error = late.code, _problem(late)
    except BaseException as fault:  # SystemExit or a stray Timeout must not wedge the message
        log.exception("request_failed", method=name)
        outcome, error = "fault", _fault(fault)
    body = (
        b'{"result":' + result + b',"error":null}'
        if error is None
        else orjson.dumps({"result": None, "error": error}, default=str)
    )
    metrics.RPC.labels(name, outcome).observe(time.perf_counter() - started)
    _reply(listener, message, body, is_replay=is_replay)


def handle_message(
    service: Any,
    name: str,
    consumer: Consumer,
    method: Callable[..., Any],
    listener: Listener,
    message: amqp.Message,
) -> None:
    """Handle one event: done once, or on the ladder, or parked; then acknowledge it."""
    runtime = service.runtime
    queue = topology.event_queue(runtime.service_name, consumer.subscription).name
    outcome, error = "done", None
    try:
        event = read_event(message.body, message.headers or {})
        wanted = consumer.subscription
        if event.source != wanted.source or wanted.name not in (EVERY, event.name):
            raise Undecodable(f"{event.source}.{event.name} is not what this queue is for")
        structlog.contextvars.bind_contextvars(
            request_id=event.request_id, event_id=event.event_id, account_id=event.account_id
        )
        with tracing.span(name, event.trace), _limit(consumer.seconds_max):
            is_new = perform_event(runtime.engine, service, name, consumer, method, event)
        outcome = "done" if is_new else "repeated"
        runtime.relay.poke()
        if not settings().is_clock_manual:
            metrics.INBOX_LAG.observe(max(0.0, time.time() - event.occurred_at.timestamp()))
    except GreenletExit:
        raise
    except BaseException as problem:  # as above
        outcome, error = "failed", problem
    metrics.HANDLED.labels(name, outcome).inc()
    if error is None:
        listener.done(message)
    else:
        _try_later_or_park(runtime, queue, name, listener, message, error)


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


def _reply(listener: Listener, message: amqp.Message, body: bytes, *, is_replay: bool) -> None:
    reply_to = message.properties.get("reply_to")
    if not isinstance(reply_to, str) or not reply_to:
        log.warning("request_without_reply_to")
        listener.done(message)
        return
    reply = amqp.Message(
        body,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=1,
        correlation_id=message.properties.get("correlation_id") or "",
        application_headers={"replayed": True} if is_replay else {},
    )
    listener.done(message, (reply, topology.RPC_EXCHANGE.name, reply_to))


def _limit(seconds: float) -> eventlet.Timeout:
    return eventlet.Timeout(seconds, Overrun(f"longer than {seconds:.1f} s"))


def _seconds_left(contract: Endpoint | Internal, deadline: float) -> float:
    longest = contract.seconds_max if isinstance(contract, Endpoint) else 600.0
    return max(0.001, min(longest, deadline - time.time()))


def _problem(refusal: Refusal) -> dict[str, Any]:
    problem = {
        **refusal.facts,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail,
        "errors": refusal.errors,
    }
    return {
        "exc_type": type(refusal).__name__,
        "exc_path": f"{type(refusal).__module__}.{type(refusal).__name__}",
        "exc_args": [refusal.code, refusal.detail],
        "value": refusal.detail,
        "problem": problem,
    }


def _fault(fault: BaseException, status: int = 500, code: str = "internal_error") -> dict[str, Any]:
    """Tells a caller that something is broken here, and nothing of what."""
    detail = "Something went wrong here; nothing was changed."
    del fault
    return {
        "exc_type": "Fault",
        "exc_path": "chassis.Fault",
        "exc_args": [detail],
        "value": detail,
        "problem": {"status": status, "code": code, "detail": detail, "errors": []},
    }


def _bytes(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
