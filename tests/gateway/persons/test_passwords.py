"""Passwords: what is kept of them, that nobody's takes as long, and how many at a time."""

from __future__ import annotations

import asyncio
import time

import pytest

from gateway.persons.passwords import AT_ONCE, WAITING_MAX, Passwords
from gateway.problems import Problem

PASSWORD = "correct horse battery staple"


def test_a_password_is_kept_as_argon2id_and_told_from_others() -> None:
    async def live() -> None:
        passwords = Passwords()
        first, second = [await passwords.digest(PASSWORD) for _ in range(2)]
        assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert first != second
        assert await passwords.is_right(first, PASSWORD)
        assert not await passwords.is_right(first, f"{PASSWORD} ")
        assert not await passwords.is_right(None, PASSWORD)

    asyncio.run(live())


def test_nobodys_password_takes_as_long_to_be_wrong_as_somebodys() -> None:
    async def live() -> tuple[float, float]:
        passwords = Passwords()
        kept = await passwords.digest(PASSWORD)
        seconds: dict[str | None, list[float]] = {kept: [], None: []}
        for _ in range(7):
            for digest, taken in seconds.items():
                began = time.process_time()
                await passwords.is_right(digest, "wrong")
                taken.append(time.process_time() - began)
        return min(seconds[kept]), min(seconds[None])

    somebodys, nobodys = asyncio.run(live())
    assert 0.5 < nobodys / somebodys < 2


def test_the_loop_goes_on_meanwhile_and_too_many_are_turned_away() -> None:
    async def live() -> None:
        passwords = Passwords()
        work = [asyncio.create_task(passwords.is_right(None, "x")) for _ in range(WAITING_MAX)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in work)
        with pytest.raises(Problem) as refused:
            await passwords.is_right(None, "x")
        assert (refused.value.status, refused.value.code) == (503, "overloaded")
        assert await asyncio.gather(*work) == [False] * WAITING_MAX
        assert not await passwords.is_right(None, "x")
        assert len(passwords._pool._threads) == AT_ONCE

    asyncio.run(live())
