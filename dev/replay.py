"""`make replay`: play a recorded file into a system of its own, called `replay`.

    python -m dev.replay invoices FILE [--restart] [--until DAY] [--ageing-at DAY …]
    python -m dev.replay crm FOLDER [--restart]
    python -m dev.replay complaints FILE --people FILE [--restart]
    python -m dev.replay retail FILE [--by shipment|month] [--restart]
    python -m dev.replay sales FILE [--restart] [--until DAY]

Its data stay when it ends, so that it goes on where it was; `--restart` forgets what was played before.
Into a system that runs already, `python -m ops.replay` plays.
"""

import argparse
import sys
from collections.abc import Sequence

from dev import servers
from dev.binaries import ServersMissing
from dev.supervisor import NotReadyError
from dev.system import CommandError, System
from ops.console import say
from ops.replay.__main__ import FAILED, STOPPED, read_options
from ops.replay.__main__ import main as replay

INSTANCE = "replay"
# One key does all the work here, so the limit for a key is out of the way.
ENVIRONMENT = {"STEWARD_REQUESTS_PER_SECOND": "100000", "STEWARD_CALLS_PER_KEY": "1000"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Play a file into a system of its own and return the exit status."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--restart", action="store_true")
    own, rest = parser.parse_known_args(arguments)
    read_options([*rest, "--api", "none yet", "--key", "none yet"])  # before anything starts
    try:
        if own.restart:
            servers.drop_instance(INSTANCE)
        with System(INSTANCE, clock="manual", environment=ENVIRONMENT) as system:
            return replay([*rest, "--api", system.url, "--key", system.api_key])
    except (ServersMissing, CommandError, NotReadyError) as error:
        say(str(error))
        return FAILED
    except KeyboardInterrupt:
        return STOPPED


if __name__ == "__main__":
    sys.exit(main())
