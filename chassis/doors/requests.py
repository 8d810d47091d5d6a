"""The way in of requests: what happens to one from its arrival to its answer.

Nothing that a message contains can end the process, and none is acknowledged before its answer is sent.
"""

from __future__ import annotations

import time
from typing import Any

import amqp
import eventlet
import orjson
import structlog
from greenlet import GreenletExit
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from chassis.contract import Endpoint, Internal
from chassis.doors.perform import perform_endpoint
from chassis.ground import metrics, tracing
from chassis.ground.config import RPC_PREFETCH
from chassis.wire import topology
from chassis.wire.calls import INTERNAL, Undecodable, read_call
from chassis.wire.listener import Listener, Overrun, limit
from kernel.refusals import Refusal, Unavailable

log = structlog.get_logger()


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


def answer_request(service: Any, name: str, listener: Listener, message: amqp.Message) -> None:
    """Answer one RPC request, whatever it is, and acknowledge it."""
    contract: Endpoint | Internal = service.contracts[name]
    started = time.perf_counter()
    is_replay, outcome, error = False, "ok", None
    result = b"null"
    try:
        call = read_call(message.body, message.headers or {})
        structlog.contextvars.bind_contextvars(request_id=call.request_id, method=name)
        with tracing.span(f"{name}", call.trace), limit(_seconds_left(contract, call.deadline)):
            if isinstance(contract, Endpoint):
                engine = service.runtime.engine_for(contract)
                result, is_replay = perform_endpoint(engine, service, name, call)
            else:
                call.caller.require(INTERNAL)
                result = orjson.dumps(service.methods[name](service, **call.kwargs))
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
    listener.done(message, reply=(reply, topology.RPC_EXCHANGE.name, reply_to))


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
