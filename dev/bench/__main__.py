"""`make bench`: one table, each figure beside its limit, all measured in one run.

python -m dev.bench [row …]
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from dev import servers
from dev.bench.ground import Ground, Row
from dev.bench.rows import ROWS
from dev.system import System
from ops.client import Client

VERDICTS = {True: "[green]met", False: "[red]missed", None: ""}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; status 1 when an aim is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("rows", nargs="*", metavar="row", help=f"one of {', '.join(ROWS)}; or all")
    chosen = parser.parse_args(arguments).rows or list(ROWS)
    if unknown := set(chosen) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    console = Console()
    rows: list[Row] = []
    try:
        with console.status("starting …") as status:
            for row in measure(chosen):
                rows.append(row)
                status.update(f"{row.name}: {row.figure}")
    finally:  # what was measured before something broke is worth seeing
        console.print(draw(rows))
    return 1 if any(row.is_met is False for row in rows) else 0


def measure(chosen: Sequence[str]) -> Iterator[Row]:
    """The rows of a system of its own."""
    instance = servers.make_instance("bench")
    fast = {"STEWARD_REQUESTS_PER_SECOND": "1000000", "STEWARD_CALLS_PER_KEY": "1000"}
    started = time.perf_counter()
    with System(servers=instance, clock="system", environment=fast) as system:
        yield Row("first start, with migrations", f"{time.perf_counter() - started:.1f} s")
        client = Client(system.url, system.api_key)
        ground = Ground(system, client)
        for name in chosen:
            yield from ROWS[name](ground)
        client.close()
    servers.drop_instance("bench")


def draw(rows: Sequence[Row]) -> Table:
    """The table."""
    table = Table("what", "figure", "limit in this run", "aim", "")
    for row in rows:
        table.add_row(row.name, row.figure, row.limit, row.aim, VERDICTS[row.is_met])
    return table


if __name__ == "__main__":
    sys.exit(main())
