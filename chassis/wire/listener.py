"""Listening: one connection to the broker, consumed from until the service stops, then drained.

Stop means stop: consumers are cancelled first, what was delivered is finished and acknowledged, and only
then the channel closes. nameko's own consumer closes it first, which runs work twice.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import amqp
import eventlet
import structlog
from amqp import spec
from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from kombu import Connection
from kombu.exceptions import OperationalError

from chassis.ground.config import settings
from chassis.wire.frames import Reply, read_ahead, write_acks, write_reply

DRAIN_SECONDS = 25
LINGER_SECONDS = 0.5  # for the broker to write down what was acknowledged last
HEARTBEAT_SECONDS = 20
RECONNECT_SECONDS_MAX = 5.0
LOOK_SECONDS = 0.2  # at whether to stop
CONNECTION_ERRORS = (OSError, amqp.AMQPError, OperationalError)

log = structlog.get_logger()
Received = Callable[["Listener", amqp.Message], None]


class Overrun(Exception):
    """The work took longer than its entrypoint allows."""


def limit(seconds: float, *deadlines: float) -> eventlet.Timeout:
    """Raise Overrun in the work that takes longer, or goes on beyond a deadline (in Unix seconds)."""
    now = time.time()
    seconds = max(0.001, min(seconds, *(deadline - now for deadline in deadlines), seconds))
    return eventlet.Timeout(seconds, Overrun(f"longer than {seconds:.1f} s"))


class Listener:
    """Consumes from queues on one channel. `prepare(connection)` says which, as (queue name, callback,
    prefetch); a callback starts the work and whoever ends it calls `done` (or `back`)."""

    def __init__(
        self, name: str, prepare: Callable[[Connection], list[tuple[str, Received, int]]]
    ) -> None:
        self.name = name
        self.is_connected = False
        self._prepare = prepare
        self._in_flight: dict[int, amqp.Message] = {}
        self._channel: Any = None
        self._write = Semaphore(1)
        self._is_stopping = False
        self._stopped = Signal()

    @property
    def in_flight(self) -> int:
        """How many messages are being worked on."""
        return len(self._in_flight)

    def run(self) -> None:
        """Serve until `stop`; reconnects for as long as it takes."""
        wait = 0.2
        while not self._is_stopping:
            try:
                self._serve()
                wait = 0.2
            except CONNECTION_ERRORS as error:
                log.warning("broker_lost", listener=self.name, error=repr(error))
                wait = 0.2 if self.is_connected else min(wait * 2, RECONNECT_SECONDS_MAX)
            finally:
                self.is_connected, self._channel = False, None
            if not self._is_stopping:
                eventlet.sleep(wait)
        self._stopped.send()

    def stop(self) -> None:
        """Take nothing new, wait until all that was taken is done, at most DRAIN_SECONDS."""
        self._is_stopping = True
        self._stopped.wait()

    def done(self, *messages: amqp.Message, replies: Sequence[Reply] = ()) -> None:
        """Acknowledge messages, after the replies to them. On a channel that is gone this does nothing:
        the broker gives them out again."""

        def acknowledge(channel: Any) -> None:
            number, connection = channel.channel_id, channel.connection
            frames = [write_reply(one, number, frame_max=connection.frame_max) for one in replies]
            tags = {message.delivery_tag for message in messages}
            frames.append(write_acks(tags, self._in_flight, number))
            connection.transport.write(b"".join(frames))

        self._settle(messages, acknowledge)

    def back(self, message: amqp.Message) -> None:
        """Give a message back to its queue, without blame: only a reject counts as a failed delivery."""
        nack = (message.delivery_tag, False, True)  # this one only, back into its queue
        self._settle([message], lambda channel: channel.send_method(spec.Basic.Nack, "Lbb", nack))

    def _settle(self, messages: Sequence[amqp.Message], action: Callable[[Any], None]) -> None:
        channel = self._channel
        if channel is None or any(
            self._in_flight.get(message.delivery_tag) is not message for message in messages
        ):
            return
        try:
            # One writer at a time: frames of two greenthreads must not mix on the socket.
            with self._write:
                action(channel)
        except CONNECTION_ERRORS as error:
            log.warning("broker_lost_while_settling", listener=self.name, error=repr(error))
        finally:
            for message in messages:
                self._in_flight.pop(message.delivery_tag, None)

    def _serve(self) -> None:
        # The timeout must exceed the drain's own; it ends a read from a broker that went silent.
        connection = Connection(
            settings().amqp_uri,
            heartbeat=HEARTBEAT_SECONDS,
            connect_timeout=5,
            transport_options={"client_properties": {"connection_name": self.name}},
        )
        try:
            connection.connect()
            read_ahead(connection.connection)
            # Else every publish would first read from the socket: in the midst of a frame that another
            # greenthread reads, and with callbacks that wait for the lock their caller holds.
            connection.connection.client_properties["capabilities"]["connection.blocked"] = False
            queues = self._prepare(connection)
            channel = connection.channel()
            channel.auto_decode = False
            self._in_flight.clear()
            self._channel = channel
            tags = [
                self._consume(channel, queue, received, prefetch)
                for queue, received, prefetch in queues
            ]
            self.is_connected = True
            log.info("listening", listener=self.name)
            while not self._is_stopping:
                self._pump(connection, LOOK_SECONDS)
            self._drain(connection, channel, tags)
        finally:
            with contextlib.suppress(Exception), eventlet.Timeout(2, False):  # noqa: FBT003
                connection.close()

    def _consume(self, channel: Any, queue: str, received: Received, prefetch: int) -> str:
        def deliver(message: amqp.Message) -> None:
            self._in_flight[message.delivery_tag] = message
            if self._is_stopping:
                self.back(message)
            else:
                received(self, message)

        channel.basic_qos(prefetch_size=0, prefetch_count=prefetch, a_global=False)
        tag: str = channel.basic_consume(queue, callback=deliver)
        return tag

    def _pump(self, connection: Connection, seconds: float) -> None:
        try:
            connection.drain_events(timeout=seconds)
        except TimeoutError:
            with self._write:
                connection.heartbeat_check()

    def _drain(self, connection: Connection, channel: Any, tags: list[str]) -> None:
        deadline = time.monotonic() + DRAIN_SECONDS
        for tag in tags:
            with self._write:
                # Waiting for the answer would deliver messages, to be given back under this very lock.
                channel.basic_cancel(tag, nowait=True)
        while self._in_flight and time.monotonic() < deadline:
            self._pump(connection, 0.1)
        heard_until = time.monotonic() + LINGER_SECONDS
        while time.monotonic() < heard_until:
            self._pump(connection, 0.1)
