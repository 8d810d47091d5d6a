"""Claims about reading and writing many frames at once."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from amqp.transport import TCPTransport
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.frames import AHEAD_BYTES, read_ahead


class Wire:
    """A broker's end of a connection, and ours, which counts how often it reads."""

    def __init__(self) -> None:
        self.broker, ours = socket.socketpair()
        self.transport = TCPTransport("nowhere")
        self.transport.sock = ours
        self.transport._setup_transport()
        self.reads = 0
        receive = self.transport._quick_recv

        def count(size: int) -> bytes:
            self.reads += 1
            return bytes(receive(size))

        self.transport._quick_recv = count
        read_ahead(SimpleNamespace(transport=self.transport))

    def close(self) -> None:
        self.broker.close()
        self.transport.sock.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


def _frame(payload: bytes) -> bytes:
    return struct.pack(">BHI", 1, 1, len(payload)) + payload + b"\xce"


def test_frames_that_came_together_are_read_together(wire: Wire) -> None:
    wire.broker.sendall(b"".join(_frame(b"%d" % n) for n in range(5)))
    assert [wire.transport.read_frame()[2] for _ in range(5)] == [b"%d" % n for n in range(5)]
    assert wire.reads == 1


def _read(wire: Wire) -> Any:
    try:
        return wire.transport.read_frame()[2]
    except TimeoutError:
        return None


@given(
    payloads=st.lists(st.binary(max_size=40) | st.just(b"x" * (2 * AHEAD_BYTES)), max_size=5),
    cuts=st.lists(st.integers(1, 60), max_size=8),
)
def test_nothing_is_lost_wherever_it_is_cut_and_however_long_the_rest_takes(
    payloads: list[bytes], cuts: list[int]
) -> None:
    wire = Wire()
    wire.transport.sock.settimeout(0.001)
    wire.broker.settimeout(5)
    sent, read = b"".join(map(_frame, payloads)), []
    for cut in [*cuts, len(sent)]:
        wire.broker.sendall(sent[:cut])
        sent = sent[cut:]
        while (payload := _read(wire)) is not None:
            read.append(payload)
    wire.close()
    assert read == payloads
