"""`make run`: the whole system on this machine until Ctrl-C, with the clock of the world or, as
`make run CLOCK=manual`, with one that stands still until it is moved.

python -m dev.run [--clock system|manual] [--port 8000] [--instance main]
"""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from typing import Literal, get_args

from dev import ports
from dev.binaries import ServersMissing
from dev.supervisor import NotReadyError
from dev.system import CommandError, System
from dev.welcome import list_addresses, write_lines
from ops import instances
from ops.console import say, say_line
from ops.subscribers import UnclearSubscribers

USUAL_PORT = 8000
Clock = Literal["system", "manual"]
# The days of the one are not those of the other.
INSTANCES: dict[Clock, str] = {"system": "main", "manual": "manual"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the system and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clock", default="system", type=_read_clock, help="system or manual")
    parser.add_argument("--port", type=int, help=f"the gateway's, {USUAL_PORT} if it is free")
    parser.add_argument("--instance", type=instances.check_name, help="whose data")
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's `&` has SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    try:
        instance = options.instance or INSTANCES[options.clock]
        _run(instance, options.clock, options.port or _choose_port())
    except KeyboardInterrupt:
        return 0
    except (ServersMissing, CommandError, NotReadyError, UnclearSubscribers) as problem:
        say(str(problem))
        return 1
    return 0


def _run(instance: str, clock: Clock, port: int) -> None:
    with System(instance, clock=clock, port=port, print_line=say_line) as system:
        print(_describe(system, clock), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            say("Stopping …")


def _read_clock(text: str) -> str:
    if text not in get_args(Clock):
        raise argparse.ArgumentTypeError(
            f"CLOCK is system (the world's) or manual (stands still until it is moved); {text!r} is "
            "neither."
        )
    return text


def _choose_port() -> int:
    return USUAL_PORT if ports.is_free(USUAL_PORT) else ports.free_port()


def _describe(system: System, clock: Clock) -> str:
    lines = [
        "",
        write_lines(list_addresses(system)),
        *(["", _describe_manual_clock(system)] if clock == "manual" else ()),
        "",
        "  Ctrl-C stops it; make servers-stop stops the broker and PostgreSQL too.",
        "",
    ]
    return "\n".join(lines)


def _describe_manual_clock(system: System) -> str:
    call = f"curl -H 'Authorization: Bearer {system.api_key}' {system.url}/v1/clock"
    change = """-X PUT -H 'Content-Type: application/json' -d '{"now": "2026-01-31T09:00:00Z"}'"""
    return write_lines(
        [
            ("The clock", "is manual: it stands still until it is moved, and only goes forward"),
            ("read it", call),
            ("move it", f"{call} {change}"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
