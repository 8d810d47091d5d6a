"""Claims about calls that are sent together."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.frame import unmarshal

from gateway.problems import Problem
from gateway.rpc import sending
from gateway.rpc.sending import Sending
from gateway.rpc.wire import encode

PROPERTIES = encode({}, correlation_id="c", reply_to="r", expiration_ms=1, user_id="u")


def _channel(room: int) -> Any:
    return SimpleNamespace(number=3, max_content_size=100, write_queue=asyncio.Queue(maxsize=room))


def _read(payload: bytes) -> list[Any]:
    frames = []
    while payload:
        size, _, frame = unmarshal(payload)
        frames.append(frame)
        payload = payload[size:]
    return frames


def test_calls_of_one_moment_leave_together_in_their_order() -> None:
    async def send() -> list[list[Any]]:
        channel = _channel(room=10)
        calls, reply = Sending(channel), asyncio.get_running_loop().create_future()
        for body in (b"1", b"2"):
            calls.send("things.get", PROPERTIES, body, reply)
        await asyncio.sleep(0)
        calls.send("things.list", PROPERTIES, b"3", reply)
        await asyncio.sleep(0)
        return [_read(channel.write_queue.get_nowait().payload) for _ in range(2)]

    first, then = asyncio.run(send())
    told = [
        (frame.routing_key, frame.mandatory)
        for frame in [*first, *then]
        if isinstance(frame, Basic.Publish)
    ]
    assert told == [("things.get", True), ("things.get", True), ("things.list", True)]
    bodies = [[one.value for one in part if isinstance(one, ContentBody)] for part in (first, then)]
    assert bodies == [[b"1", b"2"], [b"3"]]


def test_a_broker_that_takes_nothing_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "SEND_SECONDS_MAX", 0.01)

    async def send() -> None:
        channel = _channel(room=1)
        calls, loop = Sending(channel), asyncio.get_running_loop()
        replies = [loop.create_future() for _ in range(3)]
        calls.send("things.get", PROPERTIES, b"1", replies[0])
        await asyncio.sleep(0)
        for reply in replies[1:]:
            calls.send("things.get", PROPERTIES, b"2", reply)
        for reply in replies[1:]:
            with pytest.raises(Problem, match="does not answer"):
                await asyncio.wait_for(reply, 5)
        assert not replies[0].done()
        assert channel.write_queue.qsize() == 1

    asyncio.run(send())


def test_what_finds_room_in_time_is_sent() -> None:
    async def send() -> list[Any]:
        channel = _channel(room=1)
        calls, reply = Sending(channel), asyncio.get_running_loop().create_future()
        for body in (b"1", b"2"):
            calls.send("things.get", PROPERTIES, body, reply)
            await asyncio.sleep(0)
        await channel.write_queue.get()
        late = await asyncio.wait_for(channel.write_queue.get(), 5)
        assert not reply.done()
        return _read(late.payload)

    assert [one.value for one in asyncio.run(send()) if isinstance(one, ContentBody)] == [b"2"]
