"""The answers to requests: what a caller is told of what came of each, sent before it is acknowledged."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import amqp
import orjson
import structlog
from nameko.extensions import Entrypoint

from chassis.doors.groups import Answer, Outcome
from chassis.ground import metrics
from chassis.ground.config import settings
from chassis.ground.logs import tell_seldom
from chassis.wire.calls import Call, Undecodable
from chassis.wire.frames import Reply
from chassis.wire.listener import Listener, Overrun
from kernel import broker, rpc
from kernel.refusals import Refusal, Unavailable

log = structlog.get_logger()


class Repeated(Exception):
    """A copy of a call that was here before."""


class Request(NamedTuple):
    """A request as it came, and the call in it, once it was read."""

    entrypoint: Entrypoint
    listener: Listener
    message: amqp.Message
    call: Call | None = None


def settle(
    service: str, name: str, settled: Sequence[tuple[Request, Outcome]], started: float
) -> None:
    """Answer requests with what came of them, and acknowledge them."""
    seconds = time.perf_counter() - started
    answers: list[tuple[amqp.Message, bytes, bool]] = []
    for (_, listener, message, call), outcome in settled:
        if isinstance(outcome, Repeated):
            metrics.REPEATED.inc()
            tell_seldom("call_repeated", of=name, call_id=message.properties["correlation_id"])
            listener.done(message)  # without an answer, which would be taken for that of the first
            continue
        if isinstance(outcome, Answer):
            word, body = "ok", b'{"result":' + outcome.body + b',"error":null}'
        else:
            word, error = _explain(outcome, method=name, request_id=call and call.request_id)
            body = orjson.dumps({"result": None, "error": error}, default=str)
        metrics.RPC.labels(name, word).observe(seconds)
        answers.append((message, body, isinstance(outcome, Answer) and outcome.is_replay))
    if answers:
        reply(service, listener, answers)


def reply(
    service: str, listener: Listener, answers: Sequence[tuple[amqp.Message, bytes, bool]]
) -> None:
    """Send answers, each with whether it was stored before, and acknowledge what they answer."""
    replies = []
    for message, body, is_replay in answers:
        reply_to = message.properties.get("reply_to")
        if not isinstance(reply_to, str) or not reply_to:
            log.warning("request_without_reply_to")
            continue
        reply = Reply(
            exchange=broker.replies_exchange(service),
            routing_key=reply_to,
            body=body,
            correlation_id=message.properties.get("correlation_id") or "",
            user_id=settings().users.own,
            flag=rpc.REPLAYED_HEADER if is_replay else None,
        )
        replies.append(reply)
    listener.done(*(message for message, _, _ in answers), replies=replies)


def _explain(problem: BaseException, **named: Any) -> tuple[str, dict[str, Any]]:
    """In a word, and as nameko's callers understand it, why there is no answer."""
    if isinstance(problem, Overrun):
        problem = Unavailable("too_slow", "This took too long and was undone; try again.")
    if isinstance(problem, Refusal):
        return problem.code, problem_of(problem)
    if isinstance(problem, Undecodable):
        return "undecodable", _fault(problem, status=400, code="undecodable")
    log.error("request_failed", exc_info=problem, **named)
    return "fault", _fault(problem)


def problem_of(refusal: Refusal) -> dict[str, Any]:
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
