"""What follows from a load: when the last event was handled by every listener, and what all that cost."""

import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

import psycopg2

from dev.bench.processor import Seconds, read_seconds
from dev.bench.side import Running
from kernel.broker import GATEWAY

LOOK_SECONDS = 0.1
QUIET_SECONDS = 2.0  # longer than any listener pauses in the midst of its work
SECONDS_MAX = 600.0
# Whether anything is still to be published, and what changes whenever anything is handled.
_STATE = """
    SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL), max(handled_at),
           (SELECT count(*) FROM inbox
            WHERE handled_at > (SELECT max(handled_at) FROM inbox) - interval '1 second')
    FROM inbox
"""


@dataclass(frozen=True)
class Rest:
    """The moment, as `time.time` tells it, of the last thing done, and the processor used until then."""

    since: float
    used: Seconds


def wait_for_rest(running: Running) -> Rest:
    """Wait until every event is published and nothing was handled for a while.

    Raises:
        TimeoutError: that takes too long.
    """
    until = time.monotonic() + SECONDS_MAX
    with ExitStack() as stack:
        cursors = [
            stack.enter_context(closing(_connect(url))).cursor()
            for owner, url in running.databases.items()
            if owner != GATEWAY
        ]
        rest, seen = Rest(time.time(), read_seconds(running)), _look(cursors)
        while time.time() - rest.since < QUIET_SECONDS or any(is_new for is_new, *_ in seen):
            if time.monotonic() > until:
                raise TimeoutError(f"the system did not come to rest within {SECONDS_MAX:.0f} s")
            time.sleep(LOOK_SECONDS)
            if (now := _look(cursors)) != seen:
                rest, seen = Rest(time.time(), read_seconds(running)), now
    return rest


def _connect(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection


def _look(cursors: list[Any]) -> list[tuple[Any, ...]]:
    states = []
    for cursor in cursors:
        cursor.execute(_STATE)
        states.append(cursor.fetchone())
    return states
