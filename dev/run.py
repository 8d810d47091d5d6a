"""`make run`: the whole system on this machine until Ctrl-C, with the clock of the world.

python -m dev.run [--port 8000] [--instance main]
"""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from dev import ports
from dev.binaries import ServersMissing
from dev.supervisor import NotReadyError
from dev.system import CommandError, System
from ops import instances
from ops.console import say, say_line

USUAL_PORT = 8000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the system and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, help=f"the gateway's, {USUAL_PORT} if it is free")
    parser.add_argument("--instance", default="main", type=instances.check_name, help="whose data")
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's `&` has SIGINT ignored
        signal.signal(number, signal.default_int_handler)
    try:
        _run(options.instance, options.port or _choose_port())
    except KeyboardInterrupt:
        return 0
    except (ServersMissing, CommandError, NotReadyError) as problem:
        say(str(problem))
        return 1
    return 0


def _run(instance: str, port: int) -> None:
    with System(instance, clock="system", port=port, print_line=say_line) as system:
        print(_describe(system), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            say("Stopping …")


def _choose_port() -> int:
    return USUAL_PORT if ports.is_free(USUAL_PORT) else ports.free_port()


def _describe(system: System) -> str:
    return "\n".join(
        (
            "",
            f"  Steward runs at   {system.url}",
            f"  API key           {system.api_key}",
            f"  API reference     {system.url}/docs",
            f"  mails             {system.mail_dir}",
            "",
            "  Ctrl-C stops it; make servers-stop stops the broker and PostgreSQL too.",
            "",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
