"""`make parked`: the messages that no handler could take, and what is to become of them.

    python -m ops.parked [--api URL] [--key KEY] [list | show | replay | discard | held | release] …
    list [SERVICE]                          those that wait; of all services unless one is named
    show SERVICE PARKED_ID                  one, with its error and the message as it came
    replay SERVICE PARKED_ID                handle it now
           … --trust WHY                    though it was forged
    discard SERVICE PARKED_ID --reason WHY  give it up; it stays on record
    held [SERVICE]                          events that no queue takes
    release SERVICE EVENT --reason WHY      let those of one name go: nobody is to hear them

The address and the key (scope admin) come from the environment's API and KEY unless given.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from ops.client import Client, Refused, Unreachable
from ops.console import say
from ops.instances import SERVICES

PARKED = ("service", "parked_id", "parked_at", "queue", "why", "sender", "attempts", "error")
HELD = ("service", "event", "count", "held_since")


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
        services = [options.service] if options.service else SERVICES
        if options.action == "list":
            _print_table(PARKED, "parked", services, lambda s: client.list(f"/v1/parked/{s}"))
        elif options.action == "held":
            _print_table(HELD, "held", services, lambda s: _list_held(client, s))
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
    for action in ("list", "held"):
        listing = actions.add_parser(action)
        listing.add_argument("service", nargs="?", choices=SERVICES)
    release = actions.add_parser("release")
    release.add_argument("service", choices=SERVICES)
    release.add_argument("event")
    release.add_argument("--reason", required=True)
    for action in ("show", "replay", "discard"):
        one = actions.add_parser(action)
        one.add_argument("service", choices=SERVICES)
        one.add_argument("parked_id")
        if action == "discard":
            one.add_argument("--reason", required=True)
        if action == "replay":
            one.add_argument("--trust")
    parser.set_defaults(action="list", service=None)
    return parser.parse_args(arguments)


def _print_table(
    columns: Sequence[str], word: str, services: Sequence[str], read: Callable[[str], Iterable[Any]]
) -> None:
    table = Table(*columns)
    for service in services:
        for found in read(service):
            row = {**found, "service": service}
            table.add_row(*(str(row[column])[:90] for column in columns))
    Console().print(table if table.row_count else f"Nothing is {word}.")


def _list_held(client: Client, service: str) -> Iterable[Any]:
    held: Iterable[Any] = client.get(f"/v1/held-events/{service}")["items"]
    return held


def _act(client: Client, options: argparse.Namespace) -> object:
    if options.action == "release":
        wanted = {"event": options.event, "reason": options.reason}
        return client.post(f"/v1/held-events/{options.service}/release", wanted)
    path = f"/v1/parked/{options.service}/{options.parked_id}"
    if options.action == "show":
        return client.get(path)
    if options.action == "replay":
        return client.post(
            f"{path}/replay", {"trusted_because": options.trust} if options.trust else {}
        )
    return client.post(f"{path}/discard", {"reason": options.reason})


if __name__ == "__main__":
    sys.exit(main())
