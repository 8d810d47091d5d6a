"""`python -m dev.fuzz`: requests by the tens of thousands, right and wrong, made from `/openapi.json`.

Nothing may be a fault of ours, answered otherwise than documented, or taken although it is forbidden. It
starts a system of its own, learns ids from answers, and says of each failure how to send it again."""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dev import servers as development_servers
from dev.system import System

CONFIGURATION = Path(__file__).resolve().with_name("schemathesis.toml")
CASES = 50_000
OPERATIONS = 530  # about so many there are
DRAWERS = 4  # processes that draw at the same time: threads would share one lock
ENVIRONMENT = {"STEWARD_REQUESTS_PER_SECOND": "100000", "STEWARD_CALLS_PER_KEY": "1000"}


def fuzz(
    url: str, api_key: str, *, phases: str, cases_each: int, seed: int
) -> subprocess.CompletedProcess[str]:
    """Send up to `cases_each` requests to each operation but the clock's, which would take a year of
    the calendar with every request; what came of it, with the report as `stdout`."""
    with tempfile.TemporaryDirectory() as folder:  # where it keeps what it has found
        return subprocess.run(
            [
                *(Path(sys.executable).parent / "schemathesis", "--config-file", CONFIGURATION),
                *("run", f"{url}/openapi.json", "--header", f"Authorization: Bearer {api_key}"),
                *("--phases", phases, "--exclude-path", "/v1/clock"),
                *("--seed", str(seed), "--max-examples", str(cases_each), "--workers", "1"),
                *("--continue-on-failure", "--no-shrink", "--warnings", "off", "--no-color"),
            ],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def main() -> int:
    """Fuzz a system made for it; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dev.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES, help="how many requests, about")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other requests")
    options = parser.parse_args()
    servers = development_servers.make_instance("fuzz")
    try:
        with System(servers=servers, environment=ENVIRONMENT) as system:
            done = _fuzz_together(system, options.cases, options.seed)
    finally:
        development_servers.drop_instance("fuzz")
    for one in done:
        print(one.stdout)
    return max(one.returncode for one in done)


def _fuzz_together(system: System, cases: int, seed: int) -> list[subprocess.CompletedProcess[str]]:
    """Every case at the edge of a schema once, and beside it so many drawn ones."""
    each = math.ceil(cases / DRAWERS / OPERATIONS)
    phases = ["examples,coverage", *["fuzzing,stateful"] * DRAWERS]
    with ThreadPoolExecutor() as pool:
        started = [
            pool.submit(
                fuzz, system.url, system.api_key, phases=phase, cases_each=each, seed=seed + number
            )
            for number, phase in enumerate(phases)
        ]
        return [one.result() for one in started]


if __name__ == "__main__":
    sys.exit(main())
