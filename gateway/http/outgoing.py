"""An answer as it goes out: from a service's reply to status, headers and body."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from gateway.http.incoming import Request
from gateway.http.routes import Endpoint
from gateway.problems import RETRY_SECONDS, Problem, retry_after
from gateway.rpc.calls import Reply

JSON = (b"content-type", b"application/json")
PROBLEM = (b"content-type", b"application/problem+json")
NOT_STORED = (b"cache-control", b"no-store")
ASKED_AGAIN = (b"cache-control", b"private, no-cache")
# A document is shown inside nothing and runs nothing.
RUNS_NOTHING = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'; sandbox",
)

log = structlog.get_logger()
REPLAYED = (b"idempotent-replayed", b"true")
_HEAD, _TAIL = b'{"result":', b',"error":null}'


class MethodGone(Exception):
    """The service has no such method any more: its contract has changed."""


@dataclass(slots=True)
class Answer:
    """Status, headers and body; length and request id are added when it is sent. A body that comes in
    `pieces` has the length that is stated."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    pieces: AsyncIterator[bytes] | None = None
    stated_length: int | None = None

    @property
    def length(self) -> int:
        """How many bytes the body has."""
        return len(self.body) if self.stated_length is None else self.stated_length


def answer_json(value: Any, status: int = 200) -> Answer:
    """A page of the gateway's own."""
    headers = [JSON, NOT_STORED]
    version = value.get("version") if isinstance(value, dict) else None
    if isinstance(version, int):
        headers.append((b"etag", b'"%d"' % version))
    return Answer(status, headers, orjson.dumps(value))


def answer_problem(problem: Problem, request_id: str) -> Answer:
    """An error."""
    return Answer(
        problem.status, [PROBLEM, NOT_STORED, *problem.headers], problem.render(request_id)
    )


def answer_reply(reply: Reply, endpoint: Endpoint, request: Request) -> Answer:
    """What a service said, as HTTP. Problem where it refused, or said nothing that can be used."""
    is_plain = not (endpoint.may_have_version or endpoint.is_document or endpoint.status == 201)
    if is_plain and _is_certain(reply.body):
        return Answer(endpoint.status, _headers(reply, endpoint), _cut_out(reply.body))
    message = read_reply(reply, endpoint)
    result = message["result"]
    if endpoint.is_document:
        return _answer_document(result, endpoint)
    headers = _headers(reply, endpoint)
    version = result.get("version") if isinstance(result, dict) else None
    if isinstance(version, int):
        tag = b'"%d"' % version
        headers.append((b"etag", tag))
        if not endpoint.is_command and is_known(request.headers.get(b"if-none-match"), tag):
            return Answer(304, headers[1:], b"")
    if endpoint.status == 201 and isinstance(result, dict):
        headers.extend(_location(result, endpoint, request))
    return Answer(endpoint.status, headers, _body_of(reply.body, message))


def _headers(reply: Reply, endpoint: Endpoint) -> list[tuple[bytes, bytes]]:
    replayed = [REPLAYED] if reply.is_replayed else []
    return [JSON, NOT_STORED if endpoint.is_command else ASKED_AGAIN, *replayed]


def read_reply(reply: Reply, endpoint: Endpoint) -> dict[str, Any]:
    """The message in a service's reply. Problem as for `answer_reply`."""
    try:
        message: dict[str, Any] = orjson.loads(reply.body)
        error, _ = message["error"], message["result"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as problem:
        raise fault() from problem
    if error is not None:
        raise _refusal(error, endpoint)
    return message


def fault() -> Problem:
    """Something is wrong inside; the log says what."""
    return Problem(500, "internal_error", "Something went wrong here; it was logged.")


def _body_of(raw: bytes, message: dict[str, Any]) -> bytes:
    """The result in JSON; cut out of the reply where its form is certain, to save writing it again."""
    if len(message) == 2 and _is_certain(raw):
        return _cut_out(raw)
    return orjson.dumps(message["result"])


def _is_certain(raw: bytes) -> bool:
    """Whether a reply has the form in which our services write a result: no other ends so."""
    return raw.startswith(_HEAD) and raw.endswith(_TAIL)


def _cut_out(raw: bytes) -> bytes:
    return raw[len(_HEAD) : -len(_TAIL)]


def _refusal(error: Any, endpoint: Endpoint) -> Problem:
    problem = error.get("problem") if isinstance(error, dict) else None
    if problem is None:
        kind = error.get("exc_type") if isinstance(error, dict) else None
        if kind == "MethodNotFound":
            raise MethodGone
        log.error("service fault", service=endpoint.service, method=endpoint.method, kind=kind)
        return fault()
    try:
        status, code, detail = problem["status"], problem["code"], problem["detail"]
        errors = [_place(one, endpoint) for one in problem.get("errors") or ()]
    except (KeyError, TypeError):
        return fault()
    if not (isinstance(status, int) and 400 <= status <= 599):
        return fault()
    return Problem(
        status,
        code,
        detail,
        headers=retry_after(RETRY_SECONDS) if status == 503 else (),
        errors=errors,
        facts=problem,
    )


def _place(error: dict[str, str], endpoint: Endpoint) -> dict[str, str]:
    field, detail = error["field"], error["detail"]
    if endpoint.verb == "GET" or field.split("/", 1)[0] in endpoint.parameters:
        return {"parameter": field, "detail": detail}
    if field == endpoint.raw_field:
        return {"pointer": "", "detail": detail}
    return {"pointer": f"/{field}" if field else "", "detail": detail}


def is_known(if_none_match: bytes | None, tag: bytes) -> bool:
    """Whether the client has what bears this ETag, by its If-None-Match."""
    if if_none_match is None:
        return False
    known = [one.strip().removeprefix(b"W/") for one in if_none_match.split(b",")]
    return tag in known or b"*" in known


def _location(
    result: dict[str, Any], endpoint: Endpoint, request: Request
) -> list[tuple[bytes, bytes]]:
    for name in endpoint.id_names:
        identity = result.get(name)
        if isinstance(identity, str) and re.fullmatch(r"\w{1,100}", identity, re.ASCII):
            return [(b"location", b"%b/%b" % (request.raw_path, identity.encode()))]
    return []


def _answer_document(result: Any, endpoint: Endpoint) -> Answer:
    try:
        content = base64.b64decode(result["content"], validate=True)
        media_type, filename = require_media_type(result["media_type"]), result["filename"]
    except (KeyError, TypeError, ValueError) as error:
        raise fault() from error
    safe = re.sub(r"[^\w. -]", "_", filename, flags=re.ASCII)
    headers = [
        (b"content-type", media_type),
        (b"content-disposition", f'inline; filename="{safe}"'.encode()),
        RUNS_NOTHING,
        ASKED_AGAIN,
    ]
    return Answer(endpoint.status, headers, content)


def require_media_type(given: str) -> bytes:
    """The media type, for a header; ValueError where it is none."""
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?", given, re.ASCII):
        raise ValueError(given)
    return given.encode()
