"""The way in of requests: what happens to one from its arrival to its answer.

Nothing that a message contains can end the process, and none is acknowledged before its answer is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
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
from chassis.doors.lanes import Lane
from chassis.doors.perform import perform_endpoint
from chassis.doors.repeats import Repeats
from chassis.doors.workers import Workers
from chassis.ground import metrics, tracing
from chassis.ground.config import (
    COSTLY_WAITING_MAX,
    COSTLY_WORKERS,
    RPC_PREFETCH,
    RPC_WORKERS,
    settings,
)
from chassis.ground.logs import tell_seldom
from chassis.wire.calls import Call, Undecodable, read_call
from chassis.wire.envelopes import body_of, user_of
from chassis.wire.frames import Reply
from chassis.wire.listener import Listener, Overrun, limit
from kernel import broker, rpc
from kernel.callers import INTERNAL
from kernel.refusals import Refusal, Unavailable

log = structlog.get_logger()
_repeats = Repeats()


class _Repeated(Exception):
    """A copy of a call that was here before."""


class RpcQueue(SharedExtension):
    """The service's queue of requests. Answers go out on the channel the requests came in by.

    What is costly has a lane of its own: however much of it comes, the others are begun at once."""

    def __init__(self) -> None:
        super().__init__()
        self._entrypoints: dict[str, RpcEntrypoint] = {}
        self._workers = Workers(self._spawn)
        self._usual: Lane[Request] = Lane(RPC_WORKERS, self._begin)
        self._costly: Lane[Request] = Lane(COSTLY_WORKERS, self._begin)

    def setup(self) -> None:
        self.listener = Listener(f"{self.container.service_name} rpc", self._prepare)

    def register(self, entrypoint: RpcEntrypoint) -> None:
        """Let requests for the method in."""
        self._entrypoints[entrypoint.method_name] = entrypoint

    def start(self) -> None:
        self.container.spawn_managed_thread(self.listener.run, identifier="rpc listener")

    def drain(self) -> None:
        """Take no more requests and wait until those begun are answered."""
        for _, listener, message in self._forget():
            listener.back(message)
        self.listener.stop()

    def _forget(self) -> list[Request]:
        return [*self._usual.forget(), *self._costly.forget()]

    def _prepare(self, connection: Connection) -> list[tuple[str, Any, int]]:
        runtime = self.container.service_cls.runtime.bound
        runtime.watch.look(connection)
        eventlet.spawn(runtime.announce_presence)
        self._forget()  # they came by a connection that is gone, and come again
        return [(broker.rpc_queue(runtime.service_name), self._received, RPC_PREFETCH)]

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
            service = self.container.service_name
            _reply(service, listener, message, orjson.dumps(content), is_replay=False)
            return
        contract = self.container.service_cls.contracts[name]
        if not (isinstance(contract, Endpoint) and contract.is_costly):
            self._usual.take((entrypoint, listener, message))
        elif self._costly.waiting < COSTLY_WAITING_MAX:
            self._costly.take((entrypoint, listener, message))
        else:
            refusal = Unavailable(
                "overloaded", "Too many reports are under way; try again shortly."
            )
            content = {"result": None, "error": _problem(refusal)}
            service = self.container.service_name
            _reply(service, listener, message, orjson.dumps(content), is_replay=False)

    def _spawn(self, work: Callable[[], None]) -> None:
        self.container.spawn_managed_thread(work, identifier="rpc worker")

    def _begin(self, request: Request, ended: Callable[[], None]) -> None:
        self._workers.do(partial(self._answer, *request), ended)

    def _answer(self, entrypoint: RpcEntrypoint, listener: Listener, message: amqp.Message) -> None:
        """As nameko does in `spawn_worker`, with all that depends on it, in a greenthread of ours."""
        structlog.contextvars.clear_contextvars()
        service = self.container.service_cls()
        context = WorkerContext(self.container, service, entrypoint, (listener, message))
        self.container._run_worker(context, None)


class RpcEntrypoint(Entrypoint):
    """A command, a query or an internal method as nameko sees it."""

    queue = RpcQueue()

    def setup(self) -> None:
        self.queue.register(self)

    def stop(self) -> None:
        self.queue.drain()


Request = tuple[RpcEntrypoint, Listener, amqp.Message]


def answer_request(service: Any, name: str, listener: Listener, message: amqp.Message) -> None:
    """Answer one RPC request, whatever it is, and acknowledge it."""
    contract: Endpoint | Internal = service.contracts[name]
    started = time.perf_counter()
    is_replay, outcome, error = False, "ok", None
    result = b"null"
    try:
        call = _read(service, name, message)
        structlog.contextvars.bind_contextvars(request_id=call.request_id, method=name)
        with tracing.span(f"{name}", call.trace), limit(_seconds_left(contract, call.deadline)):
            if isinstance(contract, Endpoint):
                engine = service.runtime.engine_for(contract)
                result, is_replay = perform_endpoint(engine, service, name, call)
            else:
                call.caller.require(INTERNAL)
                result = orjson.dumps(service.methods[name](service, **call.kwargs))
    except _Repeated:
        metrics.REPEATED.inc()
        tell_seldom("call_repeated", of=name, call_id=message.properties["correlation_id"])
        listener.done(message)  # without an answer, which would be taken for that of the first
        return
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
    _reply(service.name, listener, message, body, is_replay=is_replay)


def _read(service: Any, name: str, message: amqp.Message) -> Call:
    call = read_call(
        body_of(message),
        message.headers or {},
        address=rpc.address_of(service.name, name),
        call_id=message.properties.get("correlation_id"),
    )
    is_known = _repeats.note(call.call_id, call.deadline, time.time())
    if is_known and not message.delivery_info["redelivered"]:
        raise _Repeated
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


def _reply(
    service: str, listener: Listener, message: amqp.Message, body: bytes, *, is_replay: bool
) -> None:
    reply_to = message.properties.get("reply_to")
    if not isinstance(reply_to, str) or not reply_to:
        log.warning("request_without_reply_to")
        listener.done(message)
        return
    reply = Reply(
        exchange=broker.replies_exchange(service),
        routing_key=reply_to,
        body=body,
        correlation_id=message.properties.get("correlation_id") or "",
        user_id=settings().users.own,
        flag=rpc.REPLAYED_HEADER if is_replay else None,
    )
    listener.done(message, reply=reply)


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
