"""The way in of requests: what happens to one from its arrival to its answer.

Nothing that a message contains can end the process, and none is acknowledged before its answer is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import amqp
import eventlet
import orjson
import structlog
from greenlet import GreenletExit
from kombu import Connection
from nameko.containers import WorkerContext
from nameko.extensions import Entrypoint, SharedExtension

from chassis.contract import Endpoint, Internal
from chassis.doors import parking
from chassis.doors.acceptance import Why
from chassis.doors.failures import note_forged
from chassis.doors.groups import Answer, Outcome, perform_group
from chassis.doors.lanes import Lane
from chassis.doors.perform import perform_endpoint
from chassis.doors.repeats import Repeats
from chassis.doors.replies import Repeated, Request, problem_of, reply, settle
from chassis.doors.workers import Workers
from chassis.ground import metrics, tracing
from chassis.ground.config import (
    COSTLY_WAITING_MAX,
    COSTLY_WORKERS,
    GROUP_MAX,
    GROUPS_AT_ONCE,
    RPC_PREFETCH,
    RPC_WORKERS,
    settings,
)
from chassis.ground.logs import tell_seldom
from chassis.wire.calls import Call, read_call
from chassis.wire.envelopes import body_of, user_of
from chassis.wire.listener import Listener, limit
from kernel import broker, rpc
from kernel.callers import INTERNAL
from kernel.refusals import Unavailable

log = structlog.get_logger()
_repeats = Repeats()


class RpcQueue(SharedExtension):
    """The service's queue of requests. Answers go out on the channel the requests came in by.

    What is costly has a lane of its own: however much of it comes, the others are begun at once. So has
    each command that takes many: what comes while some are performed waits, and is performed together."""

    def __init__(self) -> None:
        super().__init__()
        self._entrypoints: dict[str, RpcEntrypoint] = {}
        self._workers = Workers(self._spawn)
        self._usual: Lane[Requests] = Lane(RPC_WORKERS, self._begin)
        self._costly: Lane[Requests] = Lane(COSTLY_WORKERS, self._begin)
        self._many: dict[str, Lane[Requests]] = {}  # by method

    def setup(self) -> None:
        self.listener = Listener(f"{self.container.service_name} rpc", self._prepare)

    def register(self, entrypoint: RpcEntrypoint) -> None:
        """Let requests for the method in."""
        name = entrypoint.method_name
        self._entrypoints[name] = entrypoint
        if takes_many(self.container.service_cls.contracts[name]):
            self._many[name] = Lane(GROUPS_AT_ONCE, self._begin, GROUP_MAX)

    def start(self) -> None:
        self.container.spawn_managed_thread(self.listener.run, identifier="rpc listener")

    def drain(self) -> None:
        """Take no more requests and wait until those begun are answered."""
        for request in self._forget():
            request.listener.back(request.message)
        self.listener.stop()

    def _forget(self) -> list[Request]:
        lanes = [self._usual, self._costly, *self._many.values()]
        return [request for lane in lanes for requests in lane.forget() for request in requests]

    def _prepare(self, connection: Connection) -> list[tuple[str, Any, int]]:
        runtime = self.container.service_cls.runtime.bound
        runtime.watch.look(connection)
        eventlet.spawn(runtime.announce_presence)
        self._forget()  # they came by a connection that is gone, and come again
        prefetch = RPC_PREFETCH + GROUP_MAX * len(self._many)
        return [(broker.rpc_queue(runtime.service_name), self._received, prefetch)]

    def _received(self, listener: Listener, message: amqp.Message) -> None:
        if user_of(message) != settings().users.of(broker.GATEWAY):
            runtime = self.container.service_cls.runtime.bound
            eventlet.spawn(_park_forged, runtime, listener, message)
            return
        name = message.delivery_info["routing_key"].partition(".")[2]
        entrypoint = self._entrypoints.get(name)
        if entrypoint is None:
            error = {"exc_type": "MethodNotFound", "exc_path": "nameko.exceptions.MethodNotFound"}
            content = {"result": None, "error": {**error, "exc_args": [name], "value": name}}
            self._refuse(listener, message, content)
            return
        lane = self._lane_of(name, message)
        if lane is self._costly and lane.waiting >= COSTLY_WAITING_MAX:
            refusal = Unavailable(
                "overloaded", "Too many reports are under way; try again shortly."
            )
            self._refuse(listener, message, {"result": None, "error": problem_of(refusal)})
            return
        lane.take([Request(entrypoint, listener, message)])

    def _lane_of(self, name: str, message: amqp.Message) -> Lane[Requests]:
        contract = self.container.service_cls.contracts[name]
        if isinstance(contract, Endpoint) and contract.is_costly:
            return self._costly
        if message.delivery_info["redelivered"]:  # alone: a process may have died of it
            return self._usual
        return self._many.get(name, self._usual)

    def _refuse(self, listener: Listener, message: amqp.Message, content: Any) -> None:
        reply(self.container.service_name, listener, [(message, orjson.dumps(content), False)])

    def _spawn(self, work: Callable[[], None]) -> None:
        self.container.spawn_managed_thread(work, identifier="rpc worker")

    def _begin(self, items: Sequence[Requests], ended: Callable[[], None]) -> None:
        requests = [request for item in items for request in item]
        parts: list[Requests] = []

        def go_on() -> None:
            ended()
            for part in parts:
                self._usual.take(part)

        self._workers.do(partial(self._answer, requests, parts), go_on)

    def _answer(self, requests: Requests, parts: list[Requests]) -> None:
        """As nameko does in `spawn_worker`, with all that depends on it, in a greenthread of ours; which
        parts of the requests are still to be performed."""

        def take(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            parts.extend(result or ())
            return result, exc_info

        structlog.contextvars.clear_contextvars()
        service = self.container.service_cls()
        context = WorkerContext(self.container, service, requests[0].entrypoint, requests)
        self.container._run_worker(context, take)


class RpcEntrypoint(Entrypoint):
    """A command, a query or an internal method as nameko sees it."""

    queue = RpcQueue()

    def setup(self) -> None:
        self.queue.register(self)

    def stop(self) -> None:
        self.queue.drain()


Requests = Sequence[Request]


def takes_many(contract: object) -> bool:
    """Whether requests for it are answered together."""
    return isinstance(contract, Endpoint) and contract.takes_many


def answer_request(service: Any, name: str, request: Request) -> None:
    """Answer one RPC request, whatever it is, and acknowledge it."""
    started = time.perf_counter()
    outcome: Outcome
    try:
        call = _read(service, name, request.message)
        request = request._replace(call=call)
        outcome = _perform(service, name, call)
    except GreenletExit:
        raise
    except BaseException as problem:  # SystemExit or a stray Timeout must not wedge the message
        outcome = problem
    settle(service.name, name, [(request, outcome)], started)


def answer_group(service: Any, name: str, *requests: Request) -> list[Requests]:
    """Answer commands that take many and waited together, and acknowledge them; those that are still to
    be performed, each part of them by itself."""
    started = time.perf_counter()
    structlog.contextvars.bind_contextvars(method=name)
    calls: dict[int, Call] = {}
    outcomes: dict[int, Outcome] = {}
    for place, request in enumerate(requests):
        try:
            calls[place] = request.call or _read(service, name, request.message)
        except Exception as problem:
            outcomes[place] = problem
    done, parts = perform_group(service.runtime.engine, service, name, calls)
    read = [one._replace(call=calls.get(place)) for place, one in enumerate(requests)]
    settled = [(read[place], outcome) for place, outcome in sorted({**outcomes, **done}.items())]
    settle(service.name, name, settled, started)
    return [[read[place] for place in part] for part in parts]


def _perform(service: Any, name: str, call: Call) -> Answer:
    structlog.contextvars.bind_contextvars(request_id=call.request_id, method=name)
    contract: Endpoint | Internal = service.contracts[name]
    longest = contract.seconds_max if isinstance(contract, Endpoint) else 600.0
    with tracing.span(name, call.trace), limit(longest, call.deadline):
        if isinstance(contract, Endpoint):
            engine = service.runtime.engine_for(contract)
            return Answer(*perform_endpoint(engine, service, name, call))
        call.caller.require(INTERNAL)
        return Answer(orjson.dumps(service.methods[name](service, **call.kwargs)), is_replay=False)


def _read(service: Any, name: str, message: amqp.Message) -> Call:
    call = read_call(
        body_of(message),
        message.headers or {},
        address=rpc.address_of(service.name, name),
        call_id=message.properties.get("correlation_id"),
    )
    is_known = _repeats.note(call.call_id, call.deadline, time.time())
    if is_known and not message.delivery_info["redelivered"]:
        raise Repeated
    return call


def _park_forged(runtime: Any, listener: Listener, message: amqp.Message) -> None:
    """A request of somebody who is not the gateway is not answered, not even with a refusal."""
    queue = broker.rpc_queue(runtime.service_name)
    note_forged(queue, message)
    error = f"requests come from the gateway's user, not from {user_of(message) or 'nobody'}"
    try:
        parking.park(
            runtime.engine, message, queue=queue, handler=None, error=error, why=Why.FORGED, tried=0
        )
        metrics.PARKED.labels(queue, Why.FORGED).inc()
    except Exception as problem:  # it would not be answered later either
        tell_seldom("forged_request_not_parked", error=repr(problem))
    listener.done(message)
