"""A request as it comes in: its headers, its id, its query and its body, each within limits."""

from __future__ import annotations

import asyncio
import re
import secrets
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qsl

from gateway.http.addresses import Networks, find_client
from gateway.http.bodies import parse_object
from gateway.http.routes import Endpoint
from gateway.keys.holders import Holder
from gateway.problems import Problem

BODY_SECONDS_MAX = 10.0
QUERY_PARAMETERS_MAX = 50
BYTES = b"application/octet-stream"
CLOSE = ((b"connection", b"close"),)
SINGLE_HEADERS = frozenset(
    {b"authorization", b"content-type", b"host", b"idempotency-key", b"if-match", b"traceparent"}
)
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")
_COMMAND_ID = re.compile(rb"[\x21-\x7e]{1,255}")
_TRACE = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_ETAG = re.compile(rb'"(\d{1,18})"')


class Request:
    """One HTTP request, and what becomes known of it on its way."""

    __slots__ = (
        "_receive",
        "_trusted_proxies",
        "code",
        "endpoint",
        "headers",
        "held",
        "holder",
        "parameters",
        "raw_headers",
        "raw_path",
        "request_id",
        "scope",
        "trace",
        "verb",
    )

    def __init__(self, scope: Any, receive: Any, trusted_proxies: Networks = ()) -> None:
        self.scope = scope
        self._trusted_proxies = trusted_proxies
        self.verb: str = scope["method"]
        self.raw_path: bytes = scope["raw_path"]
        self.raw_headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.headers: dict[bytes, bytes] = dict(self.raw_headers)
        given = self.headers.get(b"x-request-id")
        if given is not None and _REQUEST_ID.fullmatch(given):
            self.request_id = given.decode("ascii")
        else:
            self.request_id = f"req_{secrets.token_hex(12)}"
        self.endpoint: Endpoint | None = None
        self.parameters: dict[str, str] = {}
        self.holder: Holder | None = None
        self.held = ExitStack()  # what is taken until all of the answer is sent
        self.code = ""  # of the problem that it is answered with
        trace = self.headers.get(b"traceparent")
        self.trace = trace.decode("ascii") if trace and _TRACE.fullmatch(trace) else None
        self._receive = receive

    @property
    def address(self) -> str:
        """The client's address, as far as it is known."""
        client = self.scope["client"]
        peer = client[0] if client else ""
        if not self._trusted_proxies:
            return peer
        return find_client(peer, self.raw_headers, self._trusted_proxies)

    @property
    def caller(self) -> Holder:
        """Whose key it is; every endpoint with a scope has one."""
        assert self.holder is not None, "asked only where a scope is needed"
        return self.holder

    def check_headers(self) -> None:
        """Problem 400 where a header stands twice that may stand once, or Host is missing."""
        if b"host" not in self.headers and self.scope["http_version"] == "1.1":
            raise Problem(400, "host_missing", "An HTTP/1.1 request has the header Host.")
        if len(self.headers) == len(self.raw_headers):
            return
        seen: set[bytes] = set()
        for name, _ in self.raw_headers:
            if name in seen and name in SINGLE_HEADERS:
                raise Problem(400, "header_twice", f"Send the header {name.decode()} once.")
            seen.add(name)

    @property
    def has_command_id(self) -> bool:
        """Whether the client has sent an Idempotency-Key."""
        return b"idempotency-key" in self.headers

    @property
    def command_id(self) -> str:
        """The Idempotency-Key, or a random id where the client sends none."""
        given = self.headers.get(b"idempotency-key")
        if given is None:
            return secrets.token_hex(16)
        if not _COMMAND_ID.fullmatch(given):
            detail = "An Idempotency-Key has 1 to 255 visible ASCII characters, no spaces."
            raise Problem.of_field(400, "invalid_idempotency_key", detail, header="Idempotency-Key")
        return given.decode("ascii")

    @property
    def if_match(self) -> int | None:
        """The version the client wants to change, from If-Match; None where it does not say."""
        given = self.headers.get(b"if-match")
        if given is None or given.strip() == b"*":
            return None
        tag = _ETAG.fullmatch(given.strip())
        if tag is None:
            detail = 'If-Match takes one ETag as it was given, such as "7"; read the thing again.'
            raise Problem.of_field(412, "version_mismatch", detail, header="If-Match")
        return int(tag[1])

    def require_version(self, version: int, name: str) -> None:
        """Problem 412 where the client wants to change another version of what is called `name`."""
        expected = self.if_match
        if expected is not None and expected != version:
            detail = f"{name} has changed since version {expected}; read it again, then repeat."
            raise Problem(412, "version_mismatch", detail)

    def read_query(self) -> dict[str, str]:
        """The query's parameters; Problem 400 where one is broken or stands twice."""
        raw: bytes = self.scope["query_string"]
        if not raw:
            return {}
        try:
            pairs = parse_qsl(
                raw.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=QUERY_PARAMETERS_MAX,
            )
        except ValueError as error:
            detail = f"The query is not UTF-8 or has over {QUERY_PARAMETERS_MAX} parameters."
            raise Problem(400, "malformed_query", detail) from error
        query = dict(pairs)
        if len(query) != len(pairs):
            raise Problem(400, "malformed_query", "A query parameter stands twice; send it once.")
        return query

    async def read_object(self, bytes_max: int) -> dict[str, Any]:
        """The body's JSON object, empty where there is no body."""
        body = await self._read_body(bytes_max)
        if body and not _is_json(self.headers.get(b"content-type", b"")):
            detail = "Send JSON with Content-Type: application/json."
            raise _unsupported(detail, b"application/json")
        return parse_object(body)

    async def read_bytes(self, bytes_max: int) -> bytes:
        """The body as it is."""
        media_type = self.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if media_type != BYTES:
            detail = "Send the bytes as they are with Content-Type: application/octet-stream."
            raise _unsupported(detail, BYTES)
        return await self._read_body(bytes_max)

    async def _read_body(self, bytes_max: int) -> bytes:
        if b"content-encoding" in self.headers:
            detail = "Send the body as it is, without Content-Encoding."
            raise Problem(415, "encoding_not_supported", detail)
        # The HTTP parser has made sure that Content-Length is digits, and the only one.
        if int(self.headers.get(b"content-length", b"0")) > bytes_max:
            raise _too_large(bytes_max)
        try:
            async with asyncio.timeout(BODY_SECONDS_MAX):
                message = await self._receive()
                parts = [message.get("body", b"")]
                size = len(parts[0])
                while message.get("more_body"):
                    message = await self._receive()
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > bytes_max:
                        raise _too_large(bytes_max)
        except TimeoutError as error:
            detail = f"The body did not arrive within {BODY_SECONDS_MAX:.0f} s."
            raise Problem(408, "body_too_slow", detail, headers=CLOSE) from error
        if message["type"] == "http.disconnect":
            raise Problem(400, "body_incomplete", "The body was not sent whole.", headers=CLOSE)
        return b"".join(parts)


def _too_large(bytes_max: int) -> Problem:
    return Problem(413, "body_too_large", f"A body has at most {bytes_max} bytes.")


def _unsupported(detail: str, accepted: bytes) -> Problem:
    return Problem(415, "media_type_not_supported", detail, headers=((b"accept", accepted),))


def _is_json(content_type: bytes) -> bool:
    media_type, _, parameters = content_type.lower().partition(b";")
    charset = parameters.strip().partition(b"charset=")[2].strip(b'" ')
    return media_type.strip() == b"application/json" and charset in {b"", b"utf-8"}
