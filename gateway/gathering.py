"""Questions to the database that come one by one and are asked together: one statement at a time, for all
that have come meanwhile. However many there are, the database has one of a worker's to answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from itertools import islice
from typing import Generic, TypeVar

TOGETHER_MAX = 500

Key = TypeVar("Key")
Value = TypeVar("Value")


class Gathered(Generic[Key, Value]):
    """Asks for many keys what each of its callers wants to know of one."""

    def __init__(self, ask: Callable[[Collection[Key]], Awaitable[Mapping[Key, Value]]]) -> None:
        self._ask = ask
        self._waiting: dict[Key, asyncio.Future[Value | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Value | None:
        """What is found for the key, asked after this call has begun; None where nothing is."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
        answer = self._waiting[key]
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        return await asyncio.shield(answer)

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                keys = list(islice(self._waiting, TOGETHER_MAX))
                await self._answer({key: self._waiting.pop(key) for key in keys})
        finally:
            self._asking = None

    async def _answer(self, answers: Mapping[Key, asyncio.Future[Value | None]]) -> None:
        try:
            found = await self._ask(answers.keys())
        except Exception as error:
            for answer in answers.values():
                answer.set_exception(error)
        else:
            for key, answer in answers.items():
                answer.set_result(found.get(key))
