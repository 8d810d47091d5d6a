"""An answer at the socket: its head waits for the first of its body, and both leave at once."""

from __future__ import annotations

from typing import Any

INTERIM = b"HTTP/1.1 100 "  # go on: sent before there is an answer


class HeadWithBody:
    """A connection as the answer to one request sees it. Only for an answer with a body, be it empty:
    without any its head would wait for ever."""

    __slots__ = ("_head", "_is_begun", "_transport")

    def __init__(self, transport: Any) -> None:
        """Stand before what sends to the client."""
        self._transport = transport
        self._head = b""
        self._is_begun = False

    def write(self, data: bytes) -> None:
        """Send it; but what is the head, together with what comes next."""
        if not self._is_begun and not data.startswith(INTERIM):
            self._is_begun = True
            self._head = data
        elif self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        else:
            self._transport.write(data)

    def close(self) -> None:
        """Close the connection when all that was written is sent."""
        if self._head:
            self.write(b"")
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether nothing more will be sent."""
        return bool(self._transport.is_closing())
