"""A watch goes on whatever a look ends in, and ends when it is told to."""

from __future__ import annotations

import asyncio

import pytest

from gateway.rpc import looks
from gateway.rpc.looks import keep_going, keep_looking


@pytest.mark.parametrize("ending", [asyncio.CancelledError, OSError, KeyError, TimeoutError])
def test_a_look_that_fails_is_not_the_last(ending: type[BaseException]) -> None:
    async def watch() -> int:
        looks, seen = 0, asyncio.Event()

        async def look() -> None:
            nonlocal looks
            looks += 1
            if looks < 3:
                raise ending
            seen.set()

        kept = keep_looking(look, wait_seconds=lambda: 0.0, seconds_max=5, failed="not looked")
        task = asyncio.create_task(kept)
        await asyncio.wait_for(seen.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return looks

    assert asyncio.run(watch()) >= 3


def test_a_look_that_takes_too_long_is_given_up_and_one_under_way_is_stopped() -> None:
    async def watch() -> None:
        looks = asyncio.Semaphore(0)

        async def look() -> None:
            looks.release()
            await asyncio.Event().wait()

        kept = keep_looking(look, wait_seconds=lambda: 0.0, seconds_max=0.01, failed="not looked")
        task = asyncio.create_task(kept)
        for _ in range(3):
            await asyncio.wait_for(looks.acquire(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)

    asyncio.run(watch())


@pytest.mark.parametrize("ending", [None, asyncio.CancelledError, OSError, StopAsyncIteration])
def test_work_that_ends_begins_anew_until_it_is_told_to_stop(
    ending: type[BaseException] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "RESTART_SECONDS", 0.0)

    async def watch() -> None:
        begun = asyncio.Semaphore(0)

        async def work() -> None:
            begun.release()
            if ending is not None:
                raise ending

        task = asyncio.create_task(keep_going(work))
        for _ in range(3):
            await asyncio.wait_for(begun.acquire(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)

    asyncio.run(watch())
