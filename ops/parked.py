"""`make parked`: the messages that no handler could take, and what is to become of them.

    python -m ops.parked [--api URL] [--key KEY] [list | show | replay | discard] …
    list [SERVICE]                          those that wait; of all services unless one is named
    show SERVICE PARKED_ID                  one, with its error and the message as it came
    replay SERVICE PARKED_ID                handle it now
    discard SERVICE PARKED_ID --reason WHY  give it up; it stays on record

The address and the key (scope admin) come from the environment's API and KEY unless given.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ops.client import Client, Refused, Unreachable
from ops.console import say
from ops.instances import SERVICES

COLUMNS = ("service", "parked_id", "parked_at", "queue", "attempts", "error")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one thing with the parked messages and return the exit status."""
    options = _read_options(arguments)
    if not options.api or not options.key:
        say(
            "Say where the gateway is and who asks: API=http://127.0.0.1:8000 KEY=stw_… make parked"
        )
        return 2
    client = Client(options.api, options.key, patience_seconds=0)
    try:
        if options.action == "list":
            _print_list(client, [options.service] if options.service else SERVICES)
        else:
            print(json.dumps(_act(client, options), indent=2))
    except (Refused, Unreachable) as problem:
        say(str(problem))
        return 1
    finally:
        client.close()
    return 0


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ops.parked",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--api", default=os.environ.get("API"))
    parser.add_argument("--key", default=os.environ.get("KEY"))
    actions = parser.add_subparsers(dest="action")
    listing = actions.add_parser("list")
    listing.add_argument("service", nargs="?", choices=SERVICES)
    for action in ("show", "replay", "discard"):
        one = actions.add_parser(action)
        one.add_argument("service", choices=SERVICES)
        one.add_argument("parked_id")
        if action == "discard":
            one.add_argument("--reason", required=True)
    parser.set_defaults(action="list", service=None)
    return parser.parse_args(arguments)


def _print_list(client: Client, services: Sequence[str]) -> None:
    table = Table(*COLUMNS)
    for service in services:
        for message in client.list(f"/v1/parked/{service}"):
            row = {**message, "service": service}
            table.add_row(*(str(row[column])[:90] for column in COLUMNS))
    Console().print(table if table.row_count else "Nothing is parked.")


def _act(client: Client, options: argparse.Namespace) -> object:
    path = f"/v1/parked/{options.service}/{options.parked_id}"
    if options.action == "show":
        return client.get(path)
    if options.action == "replay":
        return client.post(f"{path}/replay", {})
    return client.post(f"{path}/discard", {"reason": options.reason})


if __name__ == "__main__":
    sys.exit(main())
