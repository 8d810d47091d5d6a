"""Many frames in one system call: what is read from the broker's socket, and what is written to it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import amqp

AHEAD_BYTES = 16 * 1024


@contextlib.contextmanager
def in_one_piece(connection: amqp.Connection) -> Iterator[None]:
    """What is written to the broker inside leaves at once at the end: a system call for many frames."""
    pieces: list[bytes] = []
    transport = connection.transport
    write = transport._write
    transport._write = lambda piece: pieces.append(bytes(piece))  # amqp uses its buffer again
    try:
        yield
    finally:
        transport._write = write
    transport.write(b"".join(pieces))


def read_ahead(connection: amqp.Connection) -> None:
    """Read what has come from the broker at once. Left alone, amqp asks for each frame's head, content
    and end by themselves: nine system calls for one message."""
    transport = connection.transport
    read = transport._quick_recv
    transport._quick_recv = lambda wanted: read(max(wanted, AHEAD_BYTES))
