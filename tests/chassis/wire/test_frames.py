"""Claims about reading and writing many frames at once."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from amqp.basic_message import Message
from amqp.transport import TCPTransport
from hypothesis import given
from hypothesis import strategies as st
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.frame import unmarshal
from pamqp.header import ContentHeader

from chassis.wire.frames import AHEAD_BYTES, Reply, read_ahead, write_acks, write_reply


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


def _unmarshal(data: bytes, channel: int) -> list[tuple[Any, bytes]]:
    """Frames as a library reads them, and what they hold."""
    frames = []
    while data:
        size, number, frame = unmarshal(data)
        assert number == channel
        frames.append((frame, data[7 : size - 1]))
        data = data[size:]
    return frames


SHORT = st.text("aü.", max_size=20)


@given(
    reply=st.builds(
        Reply, SHORT, SHORT, st.binary(max_size=60), SHORT, SHORT, st.sampled_from([None, "again"])
    ),
    channel=st.integers(1, 65535),
    frame_max=st.integers(9, 40),
)
def test_a_reply_is_what_libraries_read(reply: Reply, channel: int, frame_max: int) -> None:
    data = write_reply(reply, channel, frame_max=frame_max)
    (publish, _), (header, held), *pieces = _unmarshal(data, channel)
    assert isinstance(publish, Basic.Publish)
    assert (publish.exchange, publish.routing_key) == (reply.exchange, reply.routing_key)
    assert not publish.mandatory
    assert isinstance(header, ContentHeader)
    assert header.body_size == len(reply.body)
    theirs = Message()
    theirs._load_properties(Basic.Properties.frame_id, held, 12)
    expected = {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "application_headers": {} if reply.flag is None else {reply.flag: True},
        "delivery_mode": 1,
        "correlation_id": reply.correlation_id,
        "user_id": reply.user_id,
    }
    assert theirs.properties == expected
    assert all(isinstance(piece, ContentBody) for piece, _ in pieces)
    assert b"".join(piece.value for piece, _ in pieces) == reply.body
    assert all(len(held) <= frame_max - 8 for _, held in pieces)


@given(
    in_flight=st.lists(st.integers(1, 2**63 - 1), min_size=1, max_size=30, unique=True).map(sorted),
    channel=st.integers(1, 65535),
    data=st.data(),
)
def test_what_is_acknowledged_is_what_is_done_and_nothing_else(
    in_flight: list[int], channel: int, data: st.DataObject
) -> None:
    done = data.draw(st.sets(st.sampled_from(in_flight), min_size=1))
    left = set(in_flight)
    acks = [ack for ack, _ in _unmarshal(write_acks(done, in_flight, channel), channel)]
    for ack in acks:
        assert isinstance(ack, Basic.Ack)
        assert ack.delivery_tag in left
        left -= {tag for tag in left if tag <= ack.delivery_tag and ack.multiple}
        left.discard(ack.delivery_tag)
    assert left == set(in_flight) - done
    if done == set(in_flight[: len(done)]):
        assert len(acks) == 1


def test_what_no_library_should_have_sent_is_sent_back_as_it_came() -> None:
    reply = Reply("", "r", b"", correlation_id="\ud800", user_id="u")
    assert "\ud800".encode(errors="surrogatepass") in write_reply(reply, 1, frame_max=4096)
