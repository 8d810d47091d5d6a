"""Sending calls: all that are made while the loop turns once leave in one system call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiormq.abc import ChannelFrame
from aiormq.channel import Channel
from pamqp.commands import Basic
from pamqp.frame import marshal

from gateway.problems import Problem
from gateway.rpc.wire import write_content
from kernel.broker import RPC_EXCHANGE

SEND_SECONDS_MAX = 2.0
SILENT = "The message broker does not answer; try again."

Reply = asyncio.Future[Any]


class Sending:
    """What is sent on one channel, unconfirmed; what no queue takes comes back."""

    def __init__(self, channel: Channel) -> None:
        """Send on this channel while it lasts; what it loses, the next one's user sends again."""
        self.channel = channel
        self._waiting: list[tuple[bytes, Reply]] = []
        self._methods: dict[str, bytes] = {}
        self._late: set[asyncio.Task[None] | None] = (
            set()
        )  # or else they may be gone before their end

    def send(self, address: str, properties: bytes, body: bytes, reply: Reply) -> None:
        """Send a call to a method's address. Where the broker takes nothing any more, its reply is
        Problem 503."""
        content = write_content(
            self.channel.number, properties, body, size_max=self.channel.max_content_size
        )
        self._waiting.append((self._method(address) + content, reply))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._flush)

    def _method(self, address: str) -> bytes:
        method = self._methods.get(address)
        if method is None:
            publish = Basic.Publish(exchange=RPC_EXCHANGE, routing_key=address, mandatory=True)
            method = self._methods[address] = marshal(publish, self.channel.number)
        return method

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        frame = ChannelFrame(b"".join([one for one, _ in waiting]), should_close=False)
        try:
            self.channel.write_queue.put_nowait(frame)
        except asyncio.QueueFull:
            replies = [reply for _, reply in waiting]
            self._late.add(asyncio.create_task(self._send_late(frame, replies)))

    async def _send_late(self, frame: ChannelFrame, replies: Sequence[Reply]) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS_MAX):
                await self.channel.write_queue.put(frame)
        except TimeoutError:
            problem = Problem.unavailable(SILENT)
            for reply in replies:
                if not reply.done():
                    reply.set_exception(problem)
        finally:
            self._late.discard(asyncio.current_task())
