"""Looking at the broker again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()


async def keep_looking(
    look: Callable[[], Awaitable[None]],
    *,
    wait_seconds: Callable[[], float],
    seconds_max: float,
    failed: str,
) -> None:
    """Look, each time after a while, until cancelled. A look that fails is told of, and the next one
    comes all the same; so it is with one that aiormq cancels, as it does with whoever waits for a channel
    that is closed meanwhile: a watch that ended unseen would mend nothing any more."""
    while True:
        await asyncio.sleep(wait_seconds())
        try:
            async with asyncio.timeout(seconds_max):
                await look()
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            log.warning(failed, error=type(error).__name__)
        except Exception as error:
            log.warning(failed, error=type(error).__name__)
