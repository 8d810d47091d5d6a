"""Who announces himself while the gateway looks who is there is there."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import orjson
import pytest

from gateway.rpc.presence import Presence


@pytest.mark.parametrize("is_known", [True, False])
def test_a_look_that_began_before_does_not_take_a_newcomer_to_be_away(*, is_known: bool) -> None:
    news: list[str] = []
    presence = Presence(lambda: ["new"] if is_known else ["old"], news.append)

    async def nobody_yet(_: str) -> bool:
        message = SimpleNamespace(body=orjson.dumps({"service": "new"}))
        await presence._on_announcement(message)  # type: ignore[arg-type]
        return False

    presence._is_consumed = nobody_yet  # type: ignore[method-assign]
    asyncio.run(presence._look())
    assert presence.is_present("new")
