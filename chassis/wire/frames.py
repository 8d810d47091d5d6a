"""Many frames in one system call: what is read from the broker's socket, and what is written to it.

The frames of an answer are written here (AMQP 0-9-1, 2.3.5 and 4.2): amqp takes its time over them."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import amqp

AHEAD_BYTES = 16 * 1024
METHOD, HEADER, BODY, END = 1, 2, 3, b"\xce"
BASIC, PUBLISH, ACK = 60, 40, 80
FRAME_REST = 8  # bytes of a frame besides what it holds
# content_type, content_encoding, headers, delivery_mode, correlation_id, user_id
_FLAGS = b"\xf4\x10"
_CONTENT = b"\x10application/json\x05utf-8"
_TRANSIENT = b"\x01"
_YES = b"t\x01"
_frame = struct.Struct(">BHI").pack
_method = struct.Struct(">HH").pack
_tag = struct.Struct(">QB").pack
_content = struct.Struct(">HHQ").pack
_long = struct.Struct(">I").pack


@dataclass(frozen=True, slots=True)
class Reply:
    """A transient message in JSON to an exchange; `flag` is the name of a header that is true."""

    exchange: str
    routing_key: str
    body: bytes
    correlation_id: str
    user_id: str
    flag: str | None = None


def write_reply(reply: Reply, channel: int, *, frame_max: int) -> bytes:
    """The frames of a reply."""
    address = _short(reply.exchange) + _short(reply.routing_key)
    publish = _method(BASIC, PUBLISH) + b"\0\0" + address + b"\0"
    table = b"" if reply.flag is None else _short(reply.flag) + _YES
    properties = (_FLAGS, _CONTENT, _long(len(table)), table, _TRANSIENT)
    ends = _short(reply.correlation_id) + _short(reply.user_id)
    header = b"".join((_content(BASIC, 0, len(reply.body)), *properties, ends))
    size = frame_max - FRAME_REST
    pieces = [reply.body[at : at + size] for at in range(0, len(reply.body), size)]
    held = [(METHOD, publish), (HEADER, header), *((BODY, piece) for piece in pieces)]
    return b"".join([_write(kind, channel, data) for kind, data in held])


def write_acks(done: Collection[int], in_flight: Iterable[int], channel: int) -> bytes:
    """The frames that acknowledge these delivery tags out of all that are in flight, in their order: one
    frame for those before which nothing is left, one for each of the others.

    For the broker each frame is a command on its log, and those that it has not come to when the channel
    closes are lost: what they were about comes again."""
    together = 0
    for tag in in_flight:
        if tag not in done:
            break
        together = tag
    frames = [(together, 1)] if together else []
    frames += [(tag, 0) for tag in sorted(done) if tag > together]
    return b"".join(
        _write(METHOD, channel, _method(BASIC, ACK) + _tag(tag, is_many)) for tag, is_many in frames
    )


def _write(kind: int, channel: int, data: bytes) -> bytes:
    return _frame(kind, channel, len(data)) + data + END


def _short(text: str) -> bytes:
    data = text.encode(errors="surrogatepass")  # as amqp has read it, from whomever
    return bytes((len(data),)) + data


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
