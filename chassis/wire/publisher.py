"""Publishing with confirms: each message is known to be in its queues, or the batch counts as unsent.

Batches are pipelined and confirms matched by tag. Every wait is bounded; on any doubt the socket is
dropped without a closing handshake (which could hang) and the caller keeps its rows.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import amqp
from eventlet.semaphore import Semaphore
from kombu import Connection

from chassis.wire.frames import in_one_piece, read_ahead
from chassis.wire.mending import make_exchange
from chassis.wire.topology import Exchange

CONFIRM_SECONDS = 10


class NotConfirmed(Exception):
    """The broker has not said that it has the messages; they may or may not be there."""


@dataclass(frozen=True)
class Message:
    """A persistent message to one exchange. With no queue bound there, it is reported as unroutable."""

    exchange: str
    routing_key: str
    body: bytes
    message_id: str
    headers: dict[str, Any] = field(default_factory=dict)


class Publisher:
    """One connection in confirm mode, opened when first needed, shared by one batch at a time."""

    def __init__(self, amqp_uri: str) -> None:
        self._uri = amqp_uri
        self._turn = Semaphore(1)
        self._connection: Connection | None = None
        self._returned: set[str] = set()

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """Send the messages and wait until all are confirmed; the ids of those no queue wanted."""
        with self._turn:
            try:
                self._open()
                first = self._tag + 1
                with in_one_piece(self._channel.connection):
                    for message in messages:
                        self._send(message)
                self._await_confirms(first)
                unroutable, self._returned = self._returned, set()
                return unroutable
            except BaseException as error:
                self.drop()
                if isinstance(error, (OSError, amqp.AMQPError)):
                    raise NotConfirmed(repr(error)) from error
                raise

    def make_exchange(self, exchange: Exchange) -> bool:
        """Declare an exchange that is not there; whether it was not."""
        with self._turn:
            try:
                self._open()
                assert self._connection is not None
                return make_exchange(self._connection, exchange)
            except BaseException as error:
                self.drop()
                if isinstance(error, (OSError, amqp.AMQPError)):
                    raise NotConfirmed(repr(error)) from error
                raise

    def drop(self) -> None:
        """Let go of the connection at once, without a word to the broker."""
        connection, self._connection = self._connection, None
        with contextlib.suppress(Exception):
            if connection is not None:
                connection.connection.transport.sock.close()

    def _open(self) -> None:
        if self._connection is not None:
            return
        options = {"read_timeout": CONFIRM_SECONDS, "write_timeout": CONFIRM_SECONDS}
        self._connection = Connection(
            self._uri, connect_timeout=5, transport_options=options, heartbeat=0
        )
        self._connection.connect()
        read_ahead(self._connection.connection)
        self._user = self._connection.userid
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._tag = self._confirmed_to = 0
        self._confirmed: set[int] = set()
        self._returned = set()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)

    def _send(self, message: Message) -> None:
        self._tag += 1
        self._channel._basic_publish(
            amqp.Message(
                message.body,
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=2,
                message_id=message.message_id,
                user_id=self._user,
                application_headers=message.headers,
            ),
            exchange=message.exchange,
            routing_key=message.routing_key,
            mandatory=True,
        )

    def _await_confirms(self, first: int) -> None:
        deadline = time.monotonic() + CONFIRM_SECONDS
        missing = set(range(first, self._tag + 1))
        while missing := {t for t in missing if t > self._confirmed_to} - self._confirmed:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotConfirmed(f"{len(missing)} messages after {CONFIRM_SECONDS} s")
            assert self._connection is not None
            self._connection.drain_events(timeout=left)
        self._confirmed.clear()

    def _on_ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001
        if multiple:
            self._confirmed_to = max(self._confirmed_to, tag)
        else:
            self._confirmed.add(tag)

    def _on_nack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001
        raise NotConfirmed(f"the broker refused message {tag}")

    def _on_return(self, _error: Any, _exchange: str, _key: str, message: amqp.Message) -> None:
        self._returned.add(message.properties.get("message_id", ""))
