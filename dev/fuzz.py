"""`python -m dev.fuzz`: requests by the tens of thousands, right and wrong, made from `/openapi.json`.

Nothing may be a fault of ours, answered otherwise than documented, or taken although it is forbidden. It
starts a system of its own, learns ids from answers, and says of each failure how to send it again."""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
from pathlib import Path

from dev import servers as development_servers
from dev.system import System

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
CASES = 50_000
OPERATIONS = 150  # about so many there are
WORKERS = 8  # a case is mostly waited for
ENVIRONMENT = {"STEWARD_REQUESTS_PER_SECOND": "100000", "STEWARD_CALLS_PER_KEY": "1000"}
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)


def fuzz(
    url: str, api_key: str, *, phases: str, cases_each: int, seed: int, workers: int
) -> subprocess.CompletedProcess[str]:
    """Send up to `cases_each` requests to each operation but the clock's, which would take a year of
    the calendar with every request; what came of it, with the report as `stdout`."""
    return subprocess.run(
        [
            *(Path(sys.executable).parent / "schemathesis", "--config-file", CONFIGURATION),
            *("run", f"{url}/openapi.json", "--header", f"Authorization: Bearer {api_key}"),
            *("--checks", ",".join(CHECKS), "--phases", phases, "--exclude-path", "/v1/clock"),
            *("--seed", str(seed), "--max-examples", str(cases_each), "--workers", str(workers)),
            *("--continue-on-failure", "--no-shrink", "--warnings", "off", "--no-color"),
        ],
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
            done = fuzz(
                system.url,
                system.api_key,
                phases="examples,coverage,fuzzing,stateful",
                cases_each=math.ceil(options.cases / OPERATIONS),
                seed=options.seed,
                workers=WORKERS,
            )
    finally:
        development_servers.drop_instance("fuzz")
    print(done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
