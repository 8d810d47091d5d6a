"""What the gateway has on the broker: made on every fresh connection, looked at every minute, mended."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Any

import aiormq
import structlog
from aiormq.abc import AbstractChannel, AbstractConnection

from gateway.problems import Problem
from gateway.rpc.looks import keep_looking
from kernel.broker import CONTRACTS_EXCHANGE, RPC_EXCHANGE, replies_exchange

AGAIN_SECONDS = 2.0  # where something is missing
ANSWER_SECONDS_MAX = 5.0
CLOSE_SECONDS_MAX = 2.0
EXCHANGES = {RPC_EXCHANGE: "topic", CONTRACTS_EXCHANGE: "fanout"}

log = structlog.get_logger()


class Topology:
    """The exchanges of requests and of announcements, and this worker's own two queues."""

    def __init__(self, services: Callable[[], Collection[str]], look_seconds: float) -> None:
        """`services`: those whose answers must be able to come here."""
        self._services = services
        self._look_seconds = look_seconds
        self._connection: AbstractConnection | None = None
        self._bound: set[str] = set()
        self.replies = self.announcements = ""
        self.missing: list[str] = []

    async def attach(self, connection: AbstractConnection) -> None:
        """Make everything on a fresh connection, which is looked at once all is there."""
        mark = uuid.uuid4().hex
        self.replies = f"rpc.reply-gateway-{mark}"
        self.announcements = f"gateway.contracts.{mark}"
        self._connection, self._bound = None, set()
        await self._have_exchanges(connection)
        for queue in (self.replies, self.announcements):
            await _ask(connection, _declare_queue, queue)
        self.missing = await self._bind_all(connection)
        self._connection = connection

    async def listen_to(self, service: str) -> None:
        """Have the service's answers come here. Problem 503 where it has no exchange to answer by, or all
        is just being made here."""
        if service not in self._bound:
            connection, is_bound = self._connection, False
            if connection is not None:
                async with asyncio.timeout(ANSWER_SECONDS_MAX):
                    is_bound = await self._bind_replies(connection, service)
            if not is_bound:
                raise Problem.unavailable(f"The service {service} is away; try again.")

    def forget(self, service: str) -> None:
        """The service has news: it may have made its exchange anew."""
        self._bound.discard(service)

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        await keep_looking(
            self._look,
            wait_seconds=lambda: AGAIN_SECONDS if self.missing else self._look_seconds,
            seconds_max=ANSWER_SECONDS_MAX,
            failed="broker not looked at",
        )

    async def _look(self) -> None:
        connection = self._connection
        if connection is None or connection.is_closed:
            return
        await self._have_exchanges(connection)
        for queue in (self.replies, self.announcements):
            if not await _is_there(connection, _ask_queue, queue):
                log.error("topology missing", what=[f"queue {queue}"])
                self.missing = [f"queue {queue}"]
                await connection.close()  # whoever consumed from it begins anew
                return
        missing = await self._bind_all(connection)
        if missing and missing != self.missing:
            log.error("topology missing", what=missing)
        self.missing = missing

    async def _have_exchanges(self, connection: AbstractConnection) -> None:
        for name, kind in EXCHANGES.items():
            if not await _is_there(connection, _ask_exchange, name):
                log.error("topology mended", what=[f"exchange {name}"])
                await _ask(connection, _declare_exchange, name, kind)

    async def _bind_all(self, connection: AbstractConnection) -> list[str]:
        await _ask(connection, _bind, self.announcements, CONTRACTS_EXCHANGE, "")
        services = sorted(self._services())
        bound = [await self._bind_replies(connection, service) for service in services]
        return [
            f"exchange {replies_exchange(service)}"
            for service, is_bound in zip(services, bound, strict=True)
            if not is_bound
        ]

    async def _bind_replies(self, connection: AbstractConnection, service: str) -> bool:
        exchange = replies_exchange(service)
        is_bound = await _is_there(connection, _bind, self.replies, exchange, self.replies)
        if is_bound:
            self._bound.add(service)
        return is_bound


async def _ask(
    connection: AbstractConnection, question: Callable[..., Awaitable[Any]], *values: str
) -> None:
    # On a channel of its own, which the broker closes where its answer is no.
    channel = await connection.channel(publisher_confirms=False)
    try:
        await question(channel, *values)
    finally:
        if not channel.is_closed:
            # Who is told to stop may wait for the answer of a connection that is closed meanwhile.
            with suppress(TimeoutError):
                await asyncio.wait_for(channel.close(), CLOSE_SECONDS_MAX)


async def _is_there(
    connection: AbstractConnection, question: Callable[..., Awaitable[Any]], *values: str
) -> bool:
    try:
        await _ask(connection, question, *values)
    except aiormq.ChannelNotFoundEntity:
        return False
    return True


async def _ask_exchange(channel: AbstractChannel, name: str) -> None:
    await channel.exchange_declare(name, passive=True)


async def _declare_exchange(channel: AbstractChannel, name: str, kind: str) -> None:
    await channel.exchange_declare(name, exchange_type=kind, durable=True)


async def _ask_queue(channel: AbstractChannel, name: str) -> None:
    await channel.queue_declare(name, passive=True)


async def _declare_queue(channel: AbstractChannel, name: str) -> None:
    await channel.queue_declare(name, exclusive=True, auto_delete=True)


async def _bind(channel: AbstractChannel, queue: str, exchange: str, routing_key: str) -> None:
    await channel.queue_bind(queue, exchange, routing_key)
