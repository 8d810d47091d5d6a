"""The content of a request in bytes: its properties and its frames (AMQP 0-9-1, 4.2.3 to 4.2.6).

pamqp would write the deadline as a float of 32 bits, which is off by up to two minutes, and small whole
numbers in types that older readers take for texts. Writing these few fields here is also much quicker.
"""

from __future__ import annotations

import struct
from typing import Any

_text_length = struct.Struct(">I").pack
_double = struct.Struct(">d").pack
_long = struct.Struct(">q").pack
_frame = struct.Struct(">BHI").pack  # type, channel, length
_content = struct.Struct(">HHQ").pack  # class, weight, length of the body
_HEADER, _BODY, _BASIC, _END = 2, 3, 60, b"\xce"
# content_type, content_encoding, headers, delivery_mode, correlation_id, reply_to, expiration, user_id
_FLAGS = b"\xf7\x10"
_CONTENT = b"\x10application/json\x05utf-8"
_TRANSIENT = b"\x01"


def encode(
    headers: dict[str, Any],
    *,
    correlation_id: str,
    reply_to: str,
    expiration_ms: int,
    user_id: str,
) -> bytes:
    """The properties of a transient JSON message."""
    table = b"".join([_short(name) + _value(value) for name, value in headers.items()])
    return b"".join(
        (
            _FLAGS,
            _CONTENT,
            _text_length(len(table)),
            table,
            _TRANSIENT,
            _short(correlation_id),
            _short(reply_to),
            _short(str(expiration_ms)),
            _short(user_id),
        )
    )


def write_content(channel: int, properties: bytes, body: bytes, *, size_max: int) -> bytes:
    """The frames that follow a publish: header, and body in pieces of at most `size_max` bytes."""
    head = _content(_BASIC, 0, len(body)) + properties
    frames = [_frame(_HEADER, channel, len(head)), head, _END]
    for start in range(0, len(body), size_max):
        piece = body[start : start + size_max]
        frames += [_frame(_BODY, channel, len(piece)), piece, _END]
    return b"".join(frames)


def _short(text: str) -> bytes:
    data = text.encode()
    return bytes((len(data),)) + data


def _value(value: str | int | float | list[str]) -> bytes:
    if isinstance(value, str):
        data = value.encode()
        return b"S" + _text_length(len(data)) + data
    if isinstance(value, float):
        return b"d" + _double(value)
    if isinstance(value, int):
        return b"l" + _long(value)
    items = b"".join([_value(item) for item in value])
    return b"A" + _text_length(len(items)) + items
