"""Processor time and memory of the system's processes, as Linux tells them."""

import os
from pathlib import Path

from dev.system import System
from ops.instances import OWNERS, name_database

_TICKS = os.sysconf("SC_CLK_TCK")


class Processor:
    """Says which process a request costs how much, so that the dear one is seen."""

    def __init__(self, system: System) -> None:
        self._system = system

    def read(self) -> dict[str, float]:
        """Seconds of processor time so far: each process of ours, and PostgreSQL for this instance."""
        pids = {name: self._system.supervisor.pid(name) for name in OWNERS}
        databases = [name_database(self._system.instance, owner) for owner in OWNERS]
        used = {name: _read_seconds(Path(f"/proc/{pid}")) for name, pid in pids.items() if pid}
        used["postgres"] = sum(
            _read_seconds(process)
            for process in Path("/proc").glob("[0-9]*")
            if any(f" {database} " in _read_title(process) for database in databases)
        )
        return used

    def tell(self, before: dict[str, float], requests: int) -> str:
        """Milliseconds per request since `before`, those that cost something."""
        now = self.read()
        spent = {name: 1000 * (now[name] - before[name]) / requests for name in now}
        return ", ".join(f"{name} {cost:.2f}" for name, cost in spent.items() if cost >= 0.05)


def read_megabytes(pid: int | None) -> tuple[float, float]:
    """Proportional and resident memory of a process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    fields = (line.partition(":") for line in lines[1:])
    sizes = {name: int(rest.split()[0]) / 1024 for name, _, rest in fields}
    return sizes["Pss"], sizes["Rss"]


def _read_seconds(process: Path) -> float:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _read_title(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
