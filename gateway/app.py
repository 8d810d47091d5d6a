"""The ASGI application: from a request to its endpoint and back, with what every endpoint has."""

from __future__ import annotations

import time
from typing import Any

import structlog

from gateway import metrics, tracing
from gateway.forwarding import Forwarding, unknown_route
from gateway.http.incoming import Request
from gateway.http.outgoing import Answer, answer_problem, fault
from gateway.http.routes import ANY, Endpoint
from gateway.http.streaming import send_pieces
from gateway.keys.holders import Holder
from gateway.parts import Parts
from gateway.problems import Problem, retry_after
from kernel.ids import is_id

PATH_BYTES_MAX = 2048
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
UNROUTED = "(no route)"
ROUTINE = {"GET /health/live", "GET /health/ready", "GET /metrics"}

log = structlog.get_logger()


class Gateway:
    """Answers every request, whatever happens: with what was asked for, or with a problem document."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._forwarding = Forwarding(parts)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request, or the life of the process (ASGI)."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        began = time.perf_counter()
        request = Request(scope, receive, self._parts.settings.trusted_proxies)
        with request.held:
            with tracing.span(request) as span:
                answer = await self._answer_always(request)
                tracing.tell(span, request, answer)
            await self._send(request, answer, send, receive)
        self._record(request, answer, time.perf_counter() - began)

    async def _send(self, request: Request, answer: Answer, send: Any, receive: Any) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [
                    *answer.headers,
                    NO_SNIFFING,
                    (b"x-request-id", request.request_id.encode()),
                    *_rate_headers(request),
                    (b"content-length", b"%d" % answer.length),
                ],
            }
        )
        if answer.pieces is not None:
            await send_pieces(answer, request, send, receive)
        else:
            await send({"type": "http.response.body", "body": answer.body})

    async def _answer_always(self, request: Request) -> Answer:
        try:
            return await self._answer(request)
        except Problem as problem:
            return _refuse(request, problem)
        except Exception:
            path = request.raw_path.decode()
            log.exception("fault", request_id=request.request_id, path=path)
            return _refuse(request, fault())

    async def _answer(self, request: Request) -> Answer:
        request.check_headers()
        if len(request.raw_path) > PATH_BYTES_MAX:
            raise Problem(414, "path_too_long", f"A path has at most {PATH_BYTES_MAX} bytes.")
        endpoint = self._find(request)
        request.endpoint = endpoint
        if endpoint.scope is None:
            return await self._perform(request, endpoint)
        holder = await self._admit(request, endpoint.scope)
        if endpoint.is_for_all:
            holder.power.require_all_accounts()
        with holder.calls:
            return await self._perform(request, endpoint)

    async def _perform(self, request: Request, endpoint: Endpoint) -> Answer:
        if endpoint.is_command and request.scope["query_string"]:
            raise Problem(400, "query_not_allowed", "Put everything into the body, not the query.")
        if endpoint.handler is not None:
            return await endpoint.handler(request)
        if endpoint.is_streamed:
            return await self._forwarding.stream(request, endpoint)
        if endpoint.raw_field is not None:
            with request.caller.costly_calls, self._parts.transfers:
                return await self._forwarding.call(request, endpoint)
        if not endpoint.is_costly:
            return await self._forwarding.call(request, endpoint)
        with request.caller.costly_calls, self._parts.costly_lane(endpoint.service):
            return await self._forwarding.call(request, endpoint)

    def _find(self, request: Request) -> Endpoint:
        found = self._parts.contracts.routes.find(request.raw_path)
        if found is None:
            raise unknown_route()
        verbs, values = found
        endpoint = verbs.get("GET" if request.verb == "HEAD" else request.verb)
        if endpoint is None:
            allowed = sorted({*verbs, *(["HEAD"] if "GET" in verbs else [])})
            raise Problem(
                405,
                "method_not_allowed",
                f"{request.verb} does not go with this path, but {', '.join(allowed)}.",
                headers=((b"allow", ", ".join(allowed).encode()),),
            )
        request.parameters = dict(zip(endpoint.parameters, values, strict=True))
        return endpoint

    async def _admit(self, request: Request, scope: str) -> Holder:
        holder = await self._parts.authenticator.identify(
            request.headers.get(b"authorization"), request.address
        )
        request.holder = holder
        if not holder.bucket.take():
            seconds = holder.bucket.seconds_to_next
            raise Problem(
                429,
                "rate_limited",
                f"Too many requests with this key; wait {seconds} s.",
                headers=retry_after(seconds),
            )
        if scope != ANY:
            holder.power.require_scope(scope)
        return holder

    def _record(self, request: Request, answer: Answer, seconds: float) -> None:
        endpoint, holder = request.endpoint, request.holder
        route = f"{endpoint.verb} {endpoint.path}" if endpoint else UNROUTED
        metrics.count_request(route, answer.status, seconds)
        if route in ROUTINE and answer.status == 200:
            return  # asked every few seconds, and nothing to tell
        fields = {
            "request_id": request.request_id,
            "verb": request.verb,
            "route": endpoint.path if endpoint else UNROUTED,
            "status": answer.status,
            "ms": round(seconds * 1000, 2),
            "key_id": holder.key_id if holder else None,
        }
        if request.code:
            fields |= {"code": request.code, "address": request.address}
        account_id = request.parameters.get("account_id", "")
        if is_id(account_id, "acc"):
            fields["account_id"] = account_id
        self._parts.access_log.write(fields)

    async def _live(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._parts.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._parts.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _refuse(request: Request, problem: Problem) -> Answer:
    metrics.count_refused(problem.code)
    request.code = problem.code
    return answer_problem(problem, request.request_id)


def _rate_headers(request: Request) -> list[tuple[bytes, bytes]]:
    # draft-ietf-httpapi-ratelimit-headers-10: a window's quota, and what is left of it.
    if request.holder is None:
        return []
    bucket = request.holder.bucket
    left = b'"key";r=%d;t=%d' % (bucket.remaining, bucket.seconds_to_full)
    return [(b"ratelimit-policy", bucket.policy), (b"ratelimit", left)]
