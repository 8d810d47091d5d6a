"""Processor time and memory of the system's processes, as Linux tells them."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from dev import processes
from dev.bench.side import Running

Seconds = Mapping[str, float]
_TICKS = os.sysconf("SC_CLK_TCK")
SHOWN_MS = 0.05


def read_seconds(running: Running) -> Seconds:
    """Processor time so far: each process of a system, PostgreSQL for its databases, and its broker."""
    used = {name: _seconds(pid) for name, pid in running.pids.items()}
    names = [urlsplit(url).path[1:] for url in running.databases.values()]
    backends = [
        pid
        for pid in processes.find("postgres: ")
        if not set(names).isdisjoint(processes.command_line(pid).split())
    ]
    used["postgres"] = sum(map(_seconds, backends))
    used["rabbitmq"] = sum(map(_seconds, processes.find(running.mark)))
    return used


def share(before: Seconds, after: Seconds, operations: int) -> dict[str, float]:
    """Milliseconds of processor for each operation, by process."""
    return {name: 1000 * (after[name] - before[name]) / operations for name in after}


def tell(costs: Mapping[str, float]) -> str:
    """The processes that cost something, in words."""
    return ", ".join(f"{name} {cost:.2f}" for name, cost in costs.items() if cost >= SHOWN_MS)


def read_megabytes(pid: int) -> tuple[float, float]:
    """Proportional and resident memory of a process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    fields = (line.partition(":") for line in lines[1:])
    sizes = {name: int(rest.split()[0]) / 1024 for name, _, rest in fields}
    return sizes["Pss"], sizes["Rss"]


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS
