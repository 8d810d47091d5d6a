"""Who gives up a question to the broker does not wait for the broker."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.rpc import topology


class Silent:
    """A connection, and its channel, whose broker answers nothing any more."""

    is_closed = False

    async def channel(self, **_: Any) -> Silent:
        return self

    async def close(self) -> None:
        await asyncio.Event().wait()


async def ask_for_ever(_: Any) -> None:
    await asyncio.Event().wait()


def test_a_question_that_is_given_up_ends_although_the_broker_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(topology, "CLOSE_SECONDS_MAX", 0.01)

    async def give_up() -> None:
        asking = asyncio.create_task(topology._ask(Silent(), ask_for_ever))  # type: ignore[arg-type]
        await asyncio.sleep(0.01)
        asking.cancel()
        done, _ = await asyncio.wait([asking], timeout=5)
        assert asking in done
        assert asking.cancelled()

    asyncio.run(give_up())
