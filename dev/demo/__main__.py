"""`make demo`: starts the system, plays a year of a made-up business through the gateway, shows what
came of it, and goes on serving until Ctrl-C.

    python -m dev.demo [--exit]

A second run goes on from what is there; `make clean-data` makes it start afresh.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dev import ports
from dev.binaries import ServersMissing
from dev.demo.business import FIRST_DAY, LAST_DAY
from dev.demo.house import COMPANY
from dev.demo.results import Results
from dev.demo.screen import Screen, make_console
from dev.demo.year import END, Year
from dev.supervisor import NotReadyError
from dev.system import CommandError, System
from dev.welcome import list_addresses, write_lines
from ops.client import Client, Refused, Unreachable
from ops.console import say
from ops.subscribers import UnclearSubscribers

INSTANCE = "demo"
USUAL_PORT = 8000
PROBLEMS = (
    *(ServersMissing, CommandError, NotReadyError),
    *(Refused, Unreachable, UnclearSubscribers),
)
AFRESH = "make clean-data deletes it, to start afresh."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo and return the exit status: 0 if all went well and all figures agree."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.demo",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--exit", action="store_true", help="end when the year is over")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run(Screen(make_console()), is_to_stay=not options.exit)
    except KeyboardInterrupt:
        say(f"Stopped on the way. make demo goes on with what is there; {AFRESH}")
        return 130
    except PROBLEMS as problem:
        say(str(problem))
        return 1


def _run(screen: Screen, *, is_to_stay: bool) -> int:
    # One key does all the work here, so the limit for a key is out of the way.
    environment = {
        "STEWARD_REQUESTS_PER_SECOND": "100000",
        "STEWARD_CALLS_PER_KEY": "1000",
        "STEWARD_TIME_ZONE": COMPANY["time_zone"],
        "PYTHONWARNINGS": "ignore",
    }
    port = USUAL_PORT if ports.is_free(USUAL_PORT) else ports.free_port()
    screen.tell("Starting the services, the gateway and a mail catcher.")
    with System(
        INSTANCE, clock="manual", port=port, environment=environment, print_line=screen.print_line
    ) as system:
        client = Client(system.url, system.api_key)
        screen.tell(_describe_beginning(client.read_clock()))
        papers = system.servers.state.make_folder(INSTANCE, "papers")
        year = Year(client, papers)
        with screen.follow(client) as show:
            year.play(show)
        results = Results(client, system.mailbox, papers, LAST_DAY, year.failures)
        results.show(screen.console)
        screen.console.print(_describe(system, papers), highlight=False, soft_wrap=True)
        if is_to_stay:
            _wait_for_interrupt()
        screen.is_over = True
    return 1 if results.faults else 0


def _describe_beginning(now: datetime | None) -> str:
    if now is None:
        return f"Playing the year {FIRST_DAY} to {LAST_DAY} of a firm that sells coffee."
    if now < END:
        return f"There is a year that was stopped on {now.date()}; it goes on. {AFRESH}"
    return f"The year is over already; this is what came of it. {AFRESH}"


def _wait_for_interrupt() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("Stopping …")


def _describe(system: System, papers: Path) -> str:
    return f"""
{write_lines([*list_addresses(system), ("papers", str(papers))])}

  Try                curl -H 'Authorization: Bearer {system.api_key}' {system.url}/v1/accounts

  Ctrl-C stops it. A second make demo starts from what is there; {AFRESH}
"""


if __name__ == "__main__":
    sys.exit(main())
