"""HTTP at the socket: uvicorn's protocol with a limit on every wait and on everything a client sends.

One sweep a second looks at all connections instead of a timer for each request, which is free for those
who behave. Where all places are taken, the one that has kept us waiting longest gives way to a newcomer:
a flood of slow connections then shuts out the flood, not the clients.
"""

from __future__ import annotations

import time
from typing import Any, ClassVar

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from gateway import metrics
from gateway.edge.answering import HeadWithBody
from gateway.problems import Problem

HEADER_SECONDS_MAX = 10.0
IDLE_SECONDS_MAX = 10.0
DISCARD_SECONDS_MAX = 5.0
SEND_SECONDS_MAX = 30.0
HEADER_BYTES_MAX = 32 * 1024  # of all headers together, and of all trailers
FIELD_BYTES = (
    32  # that every header counts besides its name and value, as in HTTP/2 (RFC 9113, 6.5.2)
)
PIPELINED_MAX = 16

WAITING, HEADERS, BODY, ANSWERING, DISCARDING = range(5)
"""Waiting for a request; reading its headers; its body; answering; answered, but the body still comes."""

SECONDS_MAX = {
    WAITING: IDLE_SECONDS_MAX,
    HEADERS: HEADER_SECONDS_MAX,
    DISCARDING: DISCARD_SECONDS_MAX,
}

log = structlog.get_logger()

Line = dict["Protocol", None]
"""Connections that keep us waiting, the one that has done so longest first."""


class HeadersTooLarge(Exception):
    """Told to the parser, which then stops; the client has been answered."""


class Protocol(HttpToolsProtocol):
    """One connection."""

    unserved: ClassVar[Line] = {}  # those that were never answered give way first
    served: ClassVar[Line] = {}

    connections_max = 1000  # set by the server

    def connection_made(self, transport: Any) -> None:
        self.head_bytes = self.field_bytes = 0
        self.line = self.unserved
        self.enter(WAITING)
        self.sending_since: float | None = None
        super().connection_made(transport)
        if len(self.connections) > self.connections_max and not self._make_room():
            self.refuse(503, "overloaded", "All connections are taken; try again.")

    def connection_lost(self, exc: Exception | None) -> None:
        self.line.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.head_bytes += len(data)  # since the headers were complete, or a piece of the body came
        super().data_received(data)
        if self.parser is None or self.transport.is_closing():
            return
        if self.head_bytes > HEADER_BYTES_MAX and self.stage in (HEADERS, BODY, DISCARDING):
            self._refuse_headers()
        elif len(self.pipeline) > PIPELINED_MAX:
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.field_bytes = 0
        self.enter(HEADERS)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.field_bytes += len(name) + len(value) + FIELD_BYTES
        if self.field_bytes > HEADER_BYTES_MAX:
            self._refuse_headers()
            raise HeadersTooLarge  # so that the parser reads no further
        if self.stage == HEADERS:  # and not a trailer after the body
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self.head_bytes = self.field_bytes = 0
        self.enter(BODY)
        super().on_headers_complete()
        if self.cycle.scope["method"] != "HEAD":
            self.cycle.transport = HeadWithBody(self.transport)  # type: ignore[assignment]

    def on_body(self, body: bytes) -> None:
        self.head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.head_bytes = 0
        self.enter(WAITING if self.cycle.response_complete else ANSWERING)

    def resume_writing(self) -> None:
        super().resume_writing()
        self.sending_since = None  # slow, but it gets on: the next piece has its own time

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # uvicorn's timer for idle connections is not needed: the sweep ends those.
        self._unset_keepalive_if_required()
        self.line.pop(self, None)
        self.line = self.served
        if not self.cycle.response_complete:
            self.enter(self.stage)  # the next request has come already
        else:
            self.enter(DISCARDING if self.stage == BODY else WAITING)

    def enter(self, stage: int) -> None:
        """Go on to a stage, and begin to count its time."""
        self.stage = stage
        self.since = time.monotonic()
        self.line.pop(self, None)
        if stage != ANSWERING:
            self.line[self] = None

    def send_400_response(self, msg: str) -> None:
        if not self.transport.is_closing():
            self.refuse(400, "malformed_http", "This is not a well-formed HTTP/1.1 request.")

    def refuse(self, status: int, code: str, detail: str) -> None:
        """Answer outside of the application, and close."""
        metrics.count_refused(code)
        address = self.client[0] if self.client else ""
        log.info("connection refused", status=status, code=code, address=address)
        body = Problem(status, code, detail).render("")
        head = (
            b"content-type: application/problem+json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n" % len(body)
        )
        self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()

    def check(self, now: float) -> None:
        """End the connection if it has kept us waiting for too long."""
        if self.transport.get_write_buffer_size() > 0:
            self.sending_since = self.sending_since or now
            if now - self.sending_since > SEND_SECONDS_MAX:
                self.transport.abort()
            return
        self.sending_since = None
        if now - self.since <= SECONDS_MAX.get(self.stage, float("inf")):
            return
        if self.stage == HEADERS:
            self.refuse(408, "headers_too_slow", "The request's headers did not arrive in time.")
        else:
            self.transport.close()

    def _refuse_headers(self) -> None:
        if self.stage != HEADERS and self.cycle.response_started:
            self.transport.abort()
        else:
            self.refuse(431, "headers_too_large", "Send fewer or shorter headers.")

    def _make_room(self) -> bool:
        for line in (self.unserved, self.served):
            longest = next(iter(line), self)
            if longest is not self:
                longest.line.pop(longest)
                longest.transport.abort()
                return True
        return False
