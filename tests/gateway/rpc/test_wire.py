"""The content of a request is what an AMQP library would write, and exact."""

from __future__ import annotations

import struct

from amqp.basic_message import Message
from hypothesis import given
from hypothesis import strategies as st
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.frame import unmarshal
from pamqp.header import ContentHeader

from gateway.rpc.wire import encode, write_content

HEADERS = {
    "nameko.call_id_stack": ["gateway.req_1"],
    "nameko.token": "x" * 3000,
    "a_moment": 1795320288.8229659,
    "a_number": 300,
    "a_text": "ü",
}


def _marshalled() -> bytes:
    return encode(
        HEADERS,
        correlation_id="c-1",
        reply_to="rpc.reply-1",
        expiration_ms=9999,
        user_id="steward_gateway",
    )


def test_two_libraries_read_what_was_meant() -> None:
    data = _marshalled()
    ours = Basic.Properties()
    ours.unmarshal(struct.unpack(">H", data[:2])[0], data[2:])
    theirs = Message()
    theirs._load_properties(Basic.Properties.frame_id, data, 0)
    for read in (
        {name: getattr(ours, name) for name in theirs.properties if name != "application_headers"}
        | {"application_headers": ours.headers},
        theirs.properties,
    ):
        assert {**read, "application_headers": {**read["application_headers"]}} == {
            "content_type": "application/json",
            "content_encoding": "utf-8",
            "application_headers": HEADERS,
            "delivery_mode": 1,
            "correlation_id": "c-1",
            "reply_to": "rpc.reply-1",
            "expiration": "9999",
            "user_id": "steward_gateway",
        }


@given(body=st.binary(max_size=40), channel=st.integers(1, 65535), size_max=st.integers(1, 50))
def test_a_body_is_cut_into_frames_that_a_library_puts_together(
    body: bytes, channel: int, size_max: int
) -> None:
    data = write_content(channel, _marshalled(), body, size_max=size_max)
    frames = []
    while data:
        size, number, frame = unmarshal(data)
        assert number == channel
        frames.append(frame)
        data = data[size:]
    header, *pieces = frames
    assert isinstance(header, ContentHeader)
    assert (header.body_size, header.properties.correlation_id) == (len(body), "c-1")
    values = [piece.value for piece in pieces if isinstance(piece, ContentBody)]
    assert len(values) == len(pieces)
    assert b"".join(values) == body
    assert all(0 < len(value) <= size_max for value in values)
