"""`make bench`: one table, each figure beside its limit."""

import sys
import time

from rich.console import Console
from rich.table import Table

from dev import servers
from dev.bench.rows import Bench, Row
from dev.client import Client
from dev.system import System

VERDICTS = {True: "[green]met", False: "[red]missed", None: ""}


def main() -> int:
    """Measure and print; status 1 when an aim is missed."""
    console = Console()
    instance = servers.make_instance("bench")
    fast = {"STEWARD_REQUESTS_PER_SECOND": "1000000"}
    started = time.perf_counter()
    with System(servers=instance, clock="system", environment=fast) as system:
        took = time.perf_counter() - started
        rows = [Row("start-up: migrations, five processes, ready", f"{took:.1f} s", "-", "-")]
        bench = Bench(system, Client(system.url, system.api_key))
        with console.status("measuring …") as status:
            for row in bench.rows():
                rows.append(row)
                status.update(f"{row.name}: {row.figure}")
    servers.drop_instance("bench")
    table = Table("what", "figure", "limit in this run", "aim", "")
    for row in rows:
        table.add_row(row.name, row.figure, row.limit, row.aim, VERDICTS[row.is_met])
    console.print(table)
    return 1 if any(row.is_met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
