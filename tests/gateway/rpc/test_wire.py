"""The properties of a request are what an AMQP library would write, and exact."""

from __future__ import annotations

import struct

from amqp.basic_message import Message
from pamqp.commands import Basic

from gateway.rpc.wire import encode

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
    ).marshal()


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
