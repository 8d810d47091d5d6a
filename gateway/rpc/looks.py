"""Work that goes on for as long as the process lives, and looking at the broker again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

RESTART_SECONDS = 1.0

log = structlog.get_logger()


def is_told_to_stop() -> bool:
    """Whether who runs was cancelled from outside: aiormq cancels, too, whoever waits for a connection or
    channel that is closed meanwhile, which is no reason to end."""
    task = asyncio.current_task()
    return task is None or bool(task.cancelling())


async def keep_going(work: Callable[[], Awaitable[None]]) -> None:
    """Work that must never end: however it ends it is told of, and begins anew, until cancelled."""
    while True:
        try:
            await work()
        except asyncio.CancelledError:
            if is_told_to_stop():
                raise
            log.exception("fault in the background")
        except Exception:
            log.exception("fault in the background")
        await asyncio.sleep(RESTART_SECONDS)


async def keep_looking(
    look: Callable[[], Awaitable[None]],
    *,
    wait_seconds: Callable[[], float],
    seconds_max: float,
    failed: str,
) -> None:
    """Look, each time after a while, until cancelled. A look that fails is told of, and the next one
    comes all the same; so it is with one that aiormq cancels: a watch that ended unseen would mend
    nothing any more."""
    while True:
        await asyncio.sleep(wait_seconds())
        try:
            async with asyncio.timeout(seconds_max):
                await look()
        except asyncio.CancelledError as error:
            if is_told_to_stop():
                raise
            log.warning(failed, error=type(error).__name__)
        except Exception as error:
            log.warning(failed, error=type(error).__name__)
