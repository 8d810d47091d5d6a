"""A body that has not come whole is none: it neither asks for anything nor uses up a key."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.http.incoming import Request
from gateway.problems import Problem

GONE = {"type": "http.disconnect"}
PART = {"type": "http.request", "body": b'{"amount":', "more_body": True}
SCOPE = {"method": "POST", "raw_path": b"/v1/payments", "headers": [(b"content-length", b"20")]}


@pytest.mark.parametrize("messages", [[GONE], [PART, GONE]], ids=["nothing came", "a part came"])
def test_who_goes_away_before_the_body_is_whole_has_asked_for_nothing(
    messages: list[dict[str, Any]],
) -> None:
    coming: Iterator[dict[str, Any]] = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(coming)

    request = Request(SCOPE, receive, ())
    with pytest.raises(Problem) as refused:
        asyncio.run(request.read_object(1000))
    assert refused.value.code == "body_incomplete"
