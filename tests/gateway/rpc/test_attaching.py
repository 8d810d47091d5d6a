"""What is being made on a fresh connection is not looked at before it is there."""

from __future__ import annotations

import asyncio
from typing import Any

import aiormq
import pytest

from gateway.problems import Problem
from gateway.rpc.topology import Topology

LOOKS = 20


class Broker:
    """Both a connection and its channels, of a broker that takes its time to declare a queue."""

    is_closed = False

    def __init__(self) -> None:
        self.is_asked, self.may_declare = asyncio.Event(), asyncio.Event()
        self.closed = 0
        self._queues: set[str] = set()

    async def channel(self, **_: Any) -> Channel:
        return Channel(self)

    async def close(self) -> None:
        self.closed += 1

    async def declare(self, queue: str, *, passive: bool) -> None:
        if passive and queue not in self._queues:
            raise aiormq.ChannelNotFoundEntity
        self.is_asked.set()
        await self.may_declare.wait()
        self._queues.add(queue)


class Channel:
    is_closed = True

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def exchange_declare(self, *_: Any, **__: Any) -> None:
        pass

    async def queue_bind(self, *_: Any) -> None:
        pass

    async def queue_declare(self, queue: str, *, passive: bool = False, **_: Any) -> None:
        await self._broker.declare(queue, passive=passive)


def test_a_look_meanwhile_ends_nothing_and_a_call_is_told_to_come_again() -> None:
    async def attach() -> None:
        broker: Any = Broker()
        topology = Topology(lambda: [], look_seconds=0.0)
        watching = asyncio.create_task(topology.watch())
        attaching = asyncio.create_task(topology.attach(broker))
        await broker.is_asked.wait()
        for _ in range(LOOKS):
            await asyncio.sleep(0)
        with pytest.raises(Problem, match="try again"):
            await topology.listen_to("things")
        broker.may_declare.set()
        await attaching
        await topology.listen_to("things")
        watching.cancel()
        assert broker.closed == 0

    asyncio.run(attach())
