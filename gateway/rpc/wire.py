"""The AMQP properties of a request, in bytes (AMQP 0-9-1, 4.2.5.5 and 4.2.6.1).

pamqp would write the deadline as a float of 32 bits, which is off by up to two minutes, and small whole
numbers in types that older readers take for texts. Writing these few fields here is also much quicker.
"""

from __future__ import annotations

import struct
from typing import Any

from pamqp.commands import Basic

_text_length = struct.Struct(">I").pack
_double = struct.Struct(">d").pack
_long = struct.Struct(">q").pack
# content_type, content_encoding, headers, delivery_mode, correlation_id, reply_to, expiration, user_id
_FLAGS = b"\xf7\x10"
_CONTENT = b"\x10application/json\x05utf-8"
_TRANSIENT = b"\x01"


class Properties(Basic.Properties):
    """Properties that are bytes already."""

    def __init__(self, encoded: bytes) -> None:
        super().__init__(message_id="-")  # or else aiormq makes one up
        self._encoded = encoded

    def marshal(self) -> bytes:
        return self._encoded


def encode(
    headers: dict[str, Any],
    *,
    correlation_id: str,
    reply_to: str,
    expiration_ms: int,
    user_id: str,
) -> Properties:
    """The properties of a transient JSON message."""
    table = b"".join([_short(name) + _value(value) for name, value in headers.items()])
    return Properties(
        b"".join(
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
    )


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
