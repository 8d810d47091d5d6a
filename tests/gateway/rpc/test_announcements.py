"""Who announces himself is there, even while the gateway looks who is; nobody announces another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from gateway.rpc.presence import Presence
from gateway.rpc.topology import Topology
from kernel.broker import USERS_RULE, Users

USERS = Users(USERS_RULE, "steward_gateway")


def make_presence(known: list[str], on_news: Callable[[str], None]) -> Presence:
    return Presence(lambda: known, on_news, Topology(lambda: known, 60), USERS)


def announcement(service: object, user: str | None) -> Any:
    properties = SimpleNamespace(user_id=user)
    body = orjson.dumps({"service": service})
    return SimpleNamespace(body=body, header=SimpleNamespace(properties=properties))


@pytest.mark.parametrize("is_known", [True, False])
def test_a_look_that_began_before_does_not_take_a_newcomer_to_be_away(*, is_known: bool) -> None:
    presence = make_presence(["new"] if is_known else ["old"], lambda _: None)

    async def nobody_yet(_: str) -> bool:
        await presence._on_announcement(announcement("new", "steward_new"))
        return False

    presence._is_consumed = nobody_yet  # type: ignore[method-assign]
    asyncio.run(presence._look())
    assert presence.is_present("new")


@pytest.mark.parametrize(
    ("service", "user"),
    [
        ("billing", "steward_sales"),
        ("loot", "steward_sales"),
        ("sales", None),
        ("sales", ""),
        (["sales"], "steward_sales"),
        (None, "steward_None"),
    ],
)
def test_an_announcement_counts_only_from_the_user_of_the_service(
    service: object, user: str | None
) -> None:
    news: list[str] = []
    presence = make_presence(["billing", "sales"], news.append)
    asyncio.run(presence._on_announcement(announcement(service, user)))
    assert news == []
    asyncio.run(presence._on_announcement(announcement("sales", "steward_sales")))
    assert news == ["sales"]
