"""RPC calls: nameko's protocol over one channel, each call with a deadline, none waiting for ever.

A call that is under way when the connection breaks is sent again on the next one under the same command
id: the services keep their answers, so it is done once.
"""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from dataclasses import dataclass
from typing import Any

import aiormq
import orjson
import structlog
from aiormq.abc import AbstractConnection, DeliveredMessage
from aiormq.channel import Channel

from gateway.problems import Problem
from gateway.rpc.broker import RPC_EXCHANGE
from gateway.rpc.wire import encode

SWEEP_SECONDS = 0.05
PUBLISH_SECONDS_MAX = 2.0

log = structlog.get_logger()
_empty = b'{"args":[],"kwargs":{}}'


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a service."""

    service: str
    method: str
    kwargs: dict[str, Any]
    token: str
    request_id: str
    seconds_max: float
    command_id: str | None = None
    if_match: int | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service said: `body` as it came, and whether it had said so before."""

    body: bytes
    is_replayed: bool = False


class DeadlinePassed(Exception):
    """No reply came in time; whether the call was done is not known."""


@dataclass(slots=True)
class _Pending:
    call: Call
    deadline: float  # of the Unix clock, as the service reads it
    body: bytes
    reply: asyncio.Future[Reply]


class Calls:
    """All calls of this process that wait for their reply."""

    def __init__(self, at_once_max: int) -> None:
        self._at_once_max = at_once_max
        self._pending: dict[str, _Pending] = {}
        self._channel: Channel | None = None
        self._reply_queue = ""
        self._mark = uuid.uuid4().hex[:12]
        self._numbers = itertools.count(1)

    @property
    def under_way(self) -> int:
        """How many calls wait for their reply."""
        return len(self._pending)

    async def attach(self, connection: AbstractConnection) -> None:
        """Make a channel with a reply queue on a fresh connection; send again what is under way."""
        channel = await connection.channel(publisher_confirms=False)
        assert isinstance(channel, Channel), "aiormq has one kind"
        await channel.exchange_declare(RPC_EXCHANGE, exchange_type="topic", durable=True)
        queue = f"rpc.reply-gateway-{uuid.uuid4().hex}"
        await channel.queue_declare(queue, exclusive=True, auto_delete=True)
        await channel.queue_bind(queue, RPC_EXCHANGE, queue)
        await channel.basic_consume(queue, self._on_reply, no_ack=True, exclusive=True)
        # A channel that the broker closed alone (a wrong message) takes the connection with it.
        self._channel_watch = asyncio.create_task(_follow(channel, connection))
        self._channel, self._reply_queue = channel, queue
        for correlation_id, pending in list(self._pending.items()):
            await self._publish(correlation_id, pending)

    async def call(self, call: Call) -> Reply:
        """Send a call and wait for the reply. DeadlinePassed where none came in `call.seconds_max`;
        Problem 503 where the broker is away or too many calls are under way."""
        if len(self._pending) >= self._at_once_max:
            raise Problem.unavailable("Too many requests are under way; try again.", "overloaded")
        body = orjson.dumps({"args": [], "kwargs": call.kwargs}) if call.kwargs else _empty
        pending = _Pending(
            call,
            time.time() + call.seconds_max,
            body,
            asyncio.get_running_loop().create_future(),
        )
        correlation_id = f"{self._mark}-{next(self._numbers)}"
        self._pending[correlation_id] = pending
        try:
            await self._publish(correlation_id, pending)
            return await pending.reply
        finally:
            self._pending.pop(correlation_id, None)

    async def sweep(self) -> None:
        """End calls whose deadline has passed, until cancelled. One timer for all of them."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = time.time()
            for pending in list(self._pending.values()):
                if pending.deadline < now and not pending.reply.done():
                    pending.reply.set_exception(DeadlinePassed())

    async def _publish(self, correlation_id: str, pending: _Pending) -> None:
        remaining = pending.deadline - time.time()
        if self._channel is None or self._channel.is_closed:
            raise Problem.unavailable("The message broker is away; try again.")
        if remaining <= 0:
            return
        call = pending.call
        headers: dict[str, Any] = {
            "nameko.call_id_stack": [f"gateway.{call.request_id}"],
            "nameko.caller": call.token,
            "nameko.request_id": call.request_id,
            "nameko.deadline": pending.deadline,
        }
        if call.command_id is not None:
            headers["nameko.command_id"] = call.command_id
        if call.if_match is not None:
            headers["nameko.if_match"] = call.if_match
        if call.trace is not None:
            headers["traceparent"] = call.trace
        properties = encode(
            headers,
            correlation_id=correlation_id,
            reply_to=self._reply_queue,
            expiration_ms=int(remaining * 1000),
        )
        try:
            await self._channel.basic_publish(
                pending.body,
                exchange=RPC_EXCHANGE,
                routing_key=f"{call.service}.{call.method}",
                properties=properties,
                timeout=PUBLISH_SECONDS_MAX,
                wait=False,
            )
        except (aiormq.AMQPError, OSError, RuntimeError):
            # The connection broke just now: the next one sends this again.
            log.info("call waits for the broker", request_id=call.request_id)
        except TimeoutError as error:
            raise Problem.unavailable("The message broker does not answer; try again.") from error

    async def _on_reply(self, message: DeliveredMessage) -> None:
        properties = message.header.properties
        pending = self._pending.get(properties.correlation_id or "")
        if pending is not None and not pending.reply.done():
            headers = properties.headers or {}
            pending.reply.set_result(Reply(message.body, headers.get("replayed") is True))


async def _follow(channel: Channel, connection: AbstractConnection) -> None:
    await asyncio.wait([channel.closing])
    if not connection.is_closed:
        await connection.close()
