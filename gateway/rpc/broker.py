"""The broker: one long-lived connection per worker, made anew for as long as the process lives."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiormq
import structlog
from aiormq.abc import AbstractConnection

HEARTBEAT_SECONDS = 10
CONNECT_SECONDS_MAX = 5.0
WAIT_SECONDS = (0.1, 2.0)  # before connecting again: at first, at most

log = structlog.get_logger()
Attach = Callable[[AbstractConnection], Awaitable[None]]


class Broker:
    """Keeps a connection. Whoever needs channels says how to make them on a fresh one (`attach`)."""

    def __init__(self, uri: str, *attach: Attach) -> None:
        self._uri = _with_heartbeat(uri)
        self._attach = attach
        self.connection: AbstractConnection | None = None

    async def run(self) -> None:
        """Connect, and again whenever the connection is lost, until cancelled."""
        wait = WAIT_SECONDS[0]
        while True:
            try:
                self.connection = await self._connect()
                log.info("broker connected")
                wait = WAIT_SECONDS[0]
                await asyncio.wait([self.connection.closing])
                log.warning("broker connection lost")
            except (aiormq.AMQPError, OSError, TimeoutError) as error:
                log.warning("broker away", error=type(error).__name__)
            finally:
                await self.close()
            await asyncio.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311
            wait = min(wait * 2, WAIT_SECONDS[1])

    async def close(self) -> None:
        """Close the connection, if there is one."""
        connection, self.connection = self.connection, None
        if connection is not None and not connection.is_closed:
            await _close(connection)

    async def _connect(self) -> AbstractConnection:
        connection = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                connection = await aiormq.connect(self._uri)
                for attach in self._attach:
                    await attach(connection)
        except BaseException:
            if connection is not None:
                await _close(connection)
            raise
        return connection


async def _close(connection: AbstractConnection) -> None:
    # Whoever closes may wait in vain for the broker's answer, or be cancelled by who closed it meanwhile.
    closing = asyncio.create_task(_try_to_close(connection))
    await asyncio.wait([closing], timeout=CONNECT_SECONDS_MAX)


async def _try_to_close(connection: AbstractConnection) -> None:
    with suppress(Exception):
        await connection.close()


def _with_heartbeat(uri: str) -> str:
    if "heartbeat=" in uri:
        return uri
    return f"{uri}{'&' if '?' in uri else '?'}heartbeat={HEARTBEAT_SECONDS}"
