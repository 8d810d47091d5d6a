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
from gateway.rpc.forgery import note_forged
from gateway.rpc.sending import SILENT, Sending
from gateway.rpc.topology import Topology
from gateway.rpc.wire import encode
from gateway.settings import Settings
from kernel import rpc
from kernel.callers import Caller

SWEEP_SECONDS = 0.05

log = structlog.get_logger()
_empty = b'{"args":[],"kwargs":{}}'


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a service."""

    service: str
    method: str
    kwargs: dict[str, Any]
    caller: Caller
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
    call_id: str = ""  # of the message last sent for it


class Calls:
    """All calls of this process that wait for their reply."""

    def __init__(self, settings: Settings, topology: Topology) -> None:
        self._at_once_max = settings.calls_max
        self._secret = settings.call_secret
        self._users = settings.users
        self._topology = topology
        self._keys: dict[str, bytes] = {}
        self._pending: dict[str, _Pending] = {}
        self._sending: Sending | None = None
        self._mark = uuid.uuid4().hex[:12]
        self._numbers = itertools.count(1)
        self.unreachable: set[str] = set()  # services whose queue of requests nothing came to

    @property
    def under_way(self) -> int:
        """How many calls wait for their reply."""
        return len(self._pending)

    async def attach(self, connection: AbstractConnection) -> None:
        """Make a channel on a fresh connection; send again what is under way."""
        channel = await connection.channel(publisher_confirms=False)
        assert isinstance(channel, Channel), "aiormq has one kind"
        _on_return(channel, self._note_unreachable)
        await channel.basic_consume(
            self._topology.replies, self._on_reply, no_ack=True, exclusive=True
        )
        # A channel that the broker closed alone (a wrong message) takes the connection with it.
        self._channel_watch = asyncio.create_task(_follow(channel, connection))
        self._sending = Sending(channel)
        for pending in list(self._pending.values()):
            if self._pending.pop(pending.call_id, None) is None:
                continue  # over meanwhile
            self._register(pending)
            try:
                await self._publish(pending)
            except Problem as problem:
                _fail(pending, problem)

    async def call(self, call: Call) -> Reply:
        """Send a call and wait for the reply. DeadlinePassed where none came in `call.seconds_max`;
        Problem 503 where broker or service cannot be reached or too many calls are under way."""
        if len(self._pending) >= self._at_once_max:
            raise Problem.unavailable("Too many requests are under way; try again.", "overloaded")
        body = orjson.dumps({"args": [], "kwargs": call.kwargs}) if call.kwargs else _empty
        pending = _Pending(
            call,
            time.time() + call.seconds_max,
            body,
            asyncio.get_running_loop().create_future(),
        )
        self._register(pending)
        try:
            await self._publish(pending)
            return await pending.reply
        finally:
            self._pending.pop(pending.call_id, None)

    async def sweep(self) -> None:
        """End calls whose deadline has passed, until cancelled. One timer for all of them."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = time.time()
            for pending in list(self._pending.values()):
                if pending.deadline < now:
                    _fail(pending, DeadlinePassed())

    def _register(self, pending: _Pending) -> None:
        """Under an id of its own for each sending: a service takes none twice but from the broker."""
        pending.call_id = f"{self._mark}-{next(self._numbers)}"
        self._pending[pending.call_id] = pending

    async def _publish(self, pending: _Pending) -> None:
        call, sending = pending.call, self._sending
        if sending is None or sending.channel.is_closed:
            raise Problem.unavailable("The message broker is away; try again.")
        try:
            await self._topology.listen_to(call.service)
        except (aiormq.AMQPError, OSError, RuntimeError):
            # The connection broke just now: the next one sends this again.
            log.info("call waits for the broker", request_id=call.request_id)
            return
        except TimeoutError as error:
            raise Problem.unavailable(SILENT) from error
        remaining = pending.deadline - time.time()
        if remaining <= 0 or sending is not self._sending:
            return  # too late, or sent by the next connection
        properties = encode(
            self._headers(pending),
            correlation_id=pending.call_id,
            reply_to=self._topology.replies,
            expiration_ms=int(remaining * 1000),
            user_id=self._users.own,
        )
        address = rpc.address_of(call.service, call.method)
        sending.send(address, properties, pending.body, pending.reply)

    def _headers(self, pending: _Pending) -> dict[str, Any]:
        call = pending.call
        headers: dict[str, Any] = {
            "nameko.call_id_stack": [f"gateway.{call.request_id}"],
            rpc.TOKEN_HEADER: self._vouch(pending),
        }
        if call.trace is not None:
            headers[rpc.TRACE_HEADER] = call.trace
        return headers

    def _vouch(self, pending: _Pending) -> str:
        call = pending.call
        key = self._keys.get(call.service)
        if key is None:
            key = self._keys[call.service] = rpc.derive_key(self._secret, call.service)
        voucher = rpc.Voucher(
            call_id=pending.call_id,
            address=rpc.address_of(call.service, call.method),
            caller=call.caller,
            request_id=call.request_id,
            deadline=pending.deadline,
            command_id=call.command_id,
            if_match=call.if_match,
        )
        return rpc.seal(key, orjson.dumps(rpc.write_claims(voucher, pending.body)))

    async def _on_reply(self, message: DeliveredMessage) -> None:
        properties = message.header.properties
        pending = self._pending.get(properties.correlation_id or "")
        if pending is None or pending.reply.done():
            return
        service = pending.call.service
        if properties.user_id != self._users.of(service):
            note_forged("replies", service=service, sender=properties.user_id)
            return
        self.unreachable.discard(service)
        headers = properties.headers or {}
        is_replayed = headers.get(rpc.REPLAYED_HEADER) is True
        pending.reply.set_result(Reply(message.body, is_replayed))

    def _note_unreachable(self, message: DeliveredMessage) -> None:
        pending = self._pending.get(message.header.properties.correlation_id or "")
        if pending is None:
            return
        service = pending.call.service
        self.unreachable.add(service)
        log.error("service unreachable", service=service)
        _fail(pending, Problem.unavailable(f"No call reaches the service {service}; try again."))


def _fail(pending: _Pending, error: Exception) -> None:
    if not pending.reply.done():
        pending.reply.set_exception(error)


def _on_return(channel: Channel, note: Any) -> None:
    """Have told what comes back because no queue took it: aiormq does so for confirmed messages only."""

    async def on_return(frame: Any) -> None:
        header: Any = await channel._get_frame()
        note(await channel._read_content(frame, header))

    channel._on_return_frame = on_return  # type: ignore[method-assign]


async def _follow(channel: Channel, connection: AbstractConnection) -> None:
    await asyncio.wait([channel.closing])
    if not connection.is_closed:
        await connection.close()
