"""`python -m chassis run|migrate|check|revision|describe|republish|introduce services.<name>`."""

from __future__ import annotations

import argparse
import ctypes
import os
import socket
import sys
import warnings
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from kernel.grammar import Unreadable, read_instant

M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8  # of glibc's malloc.h


def main(arguments: list[str] | None = None) -> int:
    """Run one command for one service; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m chassis", description=__doc__)
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument("package", type=_package, help="a service: its package, or its name")
    parser.add_argument("-m", "--message", default="", help="what a new revision changes")
    parser.add_argument("--to", default="", help="the listener that is told how things are")
    parser.add_argument("--since", type=_moment, help="publish again what was published since then")
    return COMMANDS[parser.parse_args(arguments).command](parser.parse_args(arguments))


def _run(options: argparse.Namespace) -> int:
    # Names are looked up by the system, in a thread: eventlet's own resolver takes 7 MB and a third of
    # a second to load, and knows less of the machine's settings.
    os.environ.update(EVENTLET_NO_GREENDNS="yes", EVENTLET_THREADPOOL_SIZE="2")
    warnings.filterwarnings("ignore", "\\nEventlet is deprecated")  # nameko stands on it
    import eventlet
    from eventlet import tpool

    look_up = socket.getaddrinfo
    eventlet.monkey_patch()
    socket.getaddrinfo = partial(tpool.execute, look_up)
    _give_memory_back()
    from chassis.process.runner import run

    return run(options.package)


def _give_memory_back() -> None:
    # Else glibc keeps what one large request has needed: 15 MB after 10,000 items were dunned.
    with suppress(AttributeError):  # another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(M_TRIM_THRESHOLD, 128 * 1024)
        libc.mallopt(M_ARENA_MAX, 1)


def _migrate(options: argparse.Namespace) -> int:
    from chassis.ground.config import database_url, wait_for_database
    from chassis.store.migrate import migrate

    wait_for_database()
    migrate(options.package, database_url())
    _declare_queues(options.package)
    return 0


def _declare_queues(package: str) -> None:
    """So that what others announce from now on waits for this service, even before its first start."""
    from kombu import Connection

    from chassis.ground.config import ConfigurationError, require_own_user, settings
    from chassis.process.describe import consumers_of
    from chassis.service import load
    from chassis.wire.mending import make_exchange, mend
    from chassis.wire.topology import events_exchange, topology_of

    service = load(package)
    require_own_user(service.name)
    with Connection(settings().amqp_uri, connect_timeout=5) as connection:
        connection.ensure_connection(max_retries=60, interval_start=0.5, interval_max=1)
        make_exchange(connection, events_exchange(service.name))
        found = mend(connection, topology_of(service.name, consumers_of(service).values()))
        if not found.missing:
            _move_old_queues(connection, service)
    if found.missing:
        raise ConfigurationError(
            f"on the broker {service.name} cannot have: {'; '.join(found.missing)}. Import the "
            "instance's definitions (ops/instances.py), which bring the exchanges and the rights."
        )


def _move_old_queues(connection: Any, service: Any) -> None:
    from chassis.ground.config import ConfigurationError
    from chassis.process.describe import consumers_of
    from chassis.wire.moving import InUse, move_old_queues

    try:
        move_old_queues(connection, service.name, consumers_of(service).values())
    except InUse as problem:
        raise ConfigurationError(f"{problem}.") from problem


def _check(options: argparse.Namespace) -> int:
    from chassis.ground.config import database_url
    from chassis.store.migrate import differences

    found = differences(options.package, database_url())
    print("\n".join(found) or f"{options.package}: models and migrations agree")
    return 1 if found else 0


def _revision(options: argparse.Namespace) -> int:
    from chassis.ground.config import database_url
    from chassis.store.migrate import migrate, revise

    migrate(options.package, database_url())
    revise(options.package, database_url(), options.message)
    return 0


def _describe(options: argparse.Namespace) -> int:
    import orjson

    from chassis.process.describe import describe, describe_events
    from chassis.service import load

    service = load(options.package)
    contract = {**describe(service), "event_schemas": describe_events(service)}
    sys.stdout.buffer.write(orjson.dumps(contract, option=orjson.OPT_INDENT_2) + b"\n")
    return 0


def _package(name: str) -> str:
    return name if "." in name else f"services.{name}"


def _moment(written: str) -> datetime:
    try:
        return read_instant(written)
    except Unreadable as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _republish(options: argparse.Namespace) -> int:
    from chassis.ground.config import database_url
    from chassis.store.republishing import republish

    if options.since is None:
        print("Say since when: --since 2026-01-31T09:00:00Z", file=sys.stderr)
        return 2
    count = republish(database_url(), options.since)
    print(f"{options.package}: {count} events are published again")
    return 0


def _introduce(options: argparse.Namespace) -> int:
    from chassis.ground.config import database_url
    from chassis.process.introduce import introduce
    from chassis.service import load

    if not options.to:
        print("Say to whom: --to billing", file=sys.stderr)
        return 2
    service = load(options.package)
    state = introduce(service, database_url(), options.to)
    for row in state:
        told = f"{row.count} told" + (f"; {row.problem}" if row.problem else "")
        print(f"{service.name}.{row.event}: {told}")
    return 0 if any(row.problem is None for row in state) else 1


COMMANDS = {
    "run": _run,
    "migrate": _migrate,
    "check": _check,
    "revision": _revision,
    "describe": _describe,
    "republish": _republish,
    "introduce": _introduce,
}

if __name__ == "__main__":
    # structlog loads rich where it is, to draw tracebacks, which we have drawn plainly: 80 ms and 4 MB.
    sys.modules["rich"] = None  # type: ignore[assignment]
    sys.exit(main())
