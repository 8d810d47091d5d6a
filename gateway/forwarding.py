"""Forwarding: a request becomes the call of a service's method, and its reply the answer."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any, TypeVar

from gateway import metrics
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, MethodGone, answer_reply, read_reply
from gateway.http.routes import Endpoint
from gateway.http.streaming import answer_stream
from gateway.parts import Parts
from gateway.problems import Problem
from gateway.rpc.calls import Call, DeadlinePassed, Reply
from kernel.rpc import STREAM_START

Said = TypeVar("Said")


class Forwarding:
    """The way to the services, with the parts that it needs."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def stream(self, request: Request, endpoint: Endpoint) -> Answer:
        """What a service gives piece by piece; the lanes that it is in are left when all is sent."""
        self._require_present(endpoint.service)
        arguments = await self._read_arguments(request, endpoint)
        if STREAM_START in arguments:
            detail = "Ask for a part of the file with the header Range."
            raise Problem.of_field(422, "invalid_fields", detail, parameter=STREAM_START)
        request.held.enter_context(request.caller.costly_calls)
        request.held.enter_context(self._parts.transfers)

        async def ask(start: int) -> dict[str, Any]:
            kwargs = {**arguments, STREAM_START: start}
            message = await self._ask(
                request, endpoint, kwargs, lambda reply: read_reply(reply, endpoint)
            )
            result: dict[str, Any] = message["result"]
            return result

        return await answer_stream(request, ask)

    async def call(self, request: Request, endpoint: Endpoint) -> Answer:
        """What a service answers to one call."""
        self._require_present(endpoint.service)
        kwargs = await self._read_arguments(request, endpoint)
        if endpoint.is_command:
            await self._parts.repeats.require_same(request, kwargs)
        return await self._ask(
            request, endpoint, kwargs, lambda reply: answer_reply(reply, endpoint, request)
        )

    async def _ask(
        self,
        request: Request,
        endpoint: Endpoint,
        kwargs: dict[str, Any],
        read: Callable[[Reply], Said],
    ) -> Said:
        began = time.perf_counter()
        call = Call(
            service=endpoint.service,
            method=endpoint.method,
            kwargs=kwargs,
            caller=request.caller.caller,
            request_id=request.request_id,
            seconds_max=endpoint.seconds_max,
            command_id=request.command_id if endpoint.is_command else None,
            if_match=request.if_match if endpoint.is_command and endpoint.parameters else None,
            trace=request.trace,
        )
        try:
            reply = await self._parts.calls.call(call)
        except DeadlinePassed:
            raise _late(endpoint) from None
        metrics.count_rpc(endpoint.service, time.perf_counter() - began)
        try:
            return read(reply)
        except MethodGone:
            self._parts.contracts.note(endpoint.service)
            raise unknown_route() from None

    def _require_present(self, service: str) -> None:
        if not self._parts.presence.is_present(service):
            raise Problem.unavailable(f"The service {service} is away; try again.")

    async def _read_arguments(self, request: Request, endpoint: Endpoint) -> dict[str, Any]:
        if endpoint.verb == "GET":
            sent: dict[str, Any] = request.read_query()
            where = "parameter"
        else:
            sent = await self._read_body(request, endpoint)
            where = "pointer"
        for name, value in request.parameters.items():
            if sent.setdefault(name, value) != value:
                place = f"/{name}" if where == "pointer" else name
                detail = f"{name} is {value} in the path; leave it out here or say the same."
                raise Problem.of_field(422, "path_contradicted", detail, **{where: place})
        return sent

    async def _read_body(self, request: Request, endpoint: Endpoint) -> dict[str, Any]:
        bytes_max = self._parts.settings.body_bytes_max
        if endpoint.raw_field is None:
            return await request.read_object(bytes_max)
        body = await request.read_bytes(bytes_max)
        return {endpoint.raw_field: base64.b64encode(body).decode()}


def unknown_route() -> Problem:
    """404: no service has such a path."""
    return Problem(404, "route_unknown", "There is no such path; /docs lists those there are.")


def _late(endpoint: Endpoint) -> Problem:
    detail = f"{endpoint.service} did not answer within {endpoint.seconds_max:g} s."
    if endpoint.is_command:
        detail += " It may have been done: repeat it under the same Idempotency-Key to find out."
    return Problem(504, "deadline_passed", detail)
