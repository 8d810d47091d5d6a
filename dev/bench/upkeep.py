"""The rows that no load makes: starts, memory, days of the manual clock, the replay of a file."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dev.bench.figures import MS, Figure, at_most
from dev.bench.ground import Ground
from dev.bench.processor import read_megabytes, read_seconds, share, tell
from dev.state import PROJECT
from ops.client import Client

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
WARM_DAYS = 10
DAYS = 100
LAST_DAY = "2012-06-30"


def memory(ground: Ground) -> Iterator[Figure]:
    """Memory of each process, after the rows before."""
    sizes = {name: read_megabytes(pid) for name, pid in ground.running.pids.items()}
    yield Figure(
        "memory of the largest process, resident",
        max(resident for _, resident in sizes.values()),
        "MB",
        ", ".join(f"{name} {resident:.0f}" for name, (_, resident) in sizes.items()),
        f"proportional, all: {sum(proportional for proportional, _ in sizes.values()):.0f} MB",
        at_most(100),
    )


def start(ground: Ground) -> Iterator[Figure]:
    """The first start, and all processes stopped in good order and started again."""
    yield Figure("first start, with migrations", ground.birth_seconds, "s")
    ground.restart()
    yield Figure("start of all processes", ground.running.seconds, "s")


def days(ground: Ground) -> Iterator[Figure]:
    """Days of the manual clock on which nothing happens, one by one, in a system without accounts."""
    with ground.side.run("bench_days", "manual") as running:
        client = Client(running.url, running.api_key)
        for day in range(WARM_DAYS):
            client.move_clock(FIRST_DAY + timedelta(days=day))
        before, started = read_seconds(running), time.perf_counter()
        for day in range(WARM_DAYS, WARM_DAYS + DAYS):
            client.move_clock(FIRST_DAY + timedelta(days=day))
        took = time.perf_counter() - started
        costs = share(before, read_seconds(running), DAYS)
        client.close()
    yield Figure("an empty day of the manual clock", 1000 * took / DAYS, MS, aim=at_most(20))
    yield Figure(
        "an empty day of the manual clock: processor", sum(costs.values()), MS, tell(costs)
    )


def replay(ground: Ground) -> Iterator[Figure]:
    """The first half year of the file of invoices, if it is there."""
    data = Path(os.environ.get("STEWARD_DATA", PROJECT.parent / "shared" / "data"))
    file = data / "receivables" / "accounts-receivable.csv"
    if not file.exists():
        return
    started = time.perf_counter()
    ground.side.call("-m", "dev.replay", "invoices", str(file), "--until", LAST_DAY, "--restart")
    yield Figure(
        "replay of half a year, start-up included",
        time.perf_counter() - started,
        "s",
        limit="full ERPs in process: 319 s, 442 s",
        aim=at_most(25),
    )
