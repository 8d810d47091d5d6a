"""`python -m gateway migrate | check | run | create-key --name N --scopes 'a b' | create-person …`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import re
import sys
from datetime import UTC, datetime, timedelta

from gateway.settings import SettingsError, load_database_url, load_pepper, load_settings


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m gateway", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the database to the newest schema")
    commands.add_parser("check", help="say where models and migrations differ")
    commands.add_parser("run", help="serve")
    create = commands.add_parser("create-key", help="make an API key; it is the last line printed")
    create.add_argument("--name", required=True)
    create.add_argument("--scopes", required=True, help="separated by spaces; * is all of them")
    create.add_argument("--accounts", help="the only accounts it may see, separated by spaces")
    create.add_argument("--expires-days", type=_days)
    create.add_argument("--requests-per-second", type=int)
    create.add_argument("--calls-at-once", type=int, help="how many may be under way at a time")
    create.add_argument("--staff-id", help="the member of staff it stands for")
    person = commands.add_parser(
        "create-person",
        help="somebody who may sign in; asks for the password (or reads it from standard input); what "
        "their code generator is to read is the last line printed",
    )
    person.add_argument("--name", required=True)
    person.add_argument("--email", required=True)
    person.add_argument("--roles", default="admin", help="separated by spaces")
    person.add_argument("--staff-id", help="which member of staff it is, if any")
    options = parser.parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except SettingsError as error:
        print(f"gateway: {error}", file=sys.stderr)
        return 2


def _days(text: str) -> int:
    from gateway.keys.schemas import EXPIRY_DAYS_MAX

    if not (re.fullmatch("[0-9]{1,9}", text) and 1 <= int(text) <= EXPIRY_DAYS_MAX):
        raise argparse.ArgumentTypeError(f"a whole number of days, 1 to {EXPIRY_DAYS_MAX}")
    return int(text)


def _migrate(options: argparse.Namespace) -> int:
    from gateway.database import migrate

    migrate(load_database_url(os.environ))
    return 0


def _check(options: argparse.Namespace) -> int:
    from gateway.database import differences

    found = differences(load_database_url(os.environ))
    print("\n".join(found) or "gateway: models and migrations agree")
    return 1 if found else 0


def _run(options: argparse.Namespace) -> int:
    from gateway.edge.workers import run

    run(load_settings(os.environ))
    return 0


def _create_key(options: argparse.Namespace) -> int:
    from gateway.keys import schemas
    from gateway.problems import Problem

    sent = {"name": options.name, "scopes": options.scopes.split()}
    if options.accounts:
        sent["accounts"] = options.accounts.split()
    for name in ("requests_per_second", "calls_at_once", "staff_id"):
        if getattr(options, name) is not None:
            sent[name] = getattr(options, name)
    if options.expires_days is not None:
        expires_at = datetime.now(UTC) + timedelta(days=options.expires_days)
        sent["expires_at"] = expires_at.isoformat()
    try:
        wanted = schemas.load(schemas.CreateKey(), sent)
        print(asyncio.run(_store_key(wanted)))
    except Problem as problem:
        print(f"gateway: {problem.detail}", file=sys.stderr)
        return 1
    return 0


async def _store_key(wanted: dict[str, object]) -> str:
    from gateway.database import Database
    from gateway.keys.store import create_key

    database = Database(load_database_url(os.environ))
    try:
        async with database.transaction() as connection:
            made = await create_key(
                connection,
                by="command line",
                pepper=load_pepper(os.environ),
                **wanted,  # type: ignore[arg-type]
            )
    finally:
        await database.close()
    return str(made["key"])


def _create_person(options: argparse.Namespace) -> int:
    from gateway.persons.first import create_first
    from gateway.problems import Problem

    sent = {
        "name": options.name,
        "email": options.email,
        "roles": options.roles.split(),
        "staff_id": options.staff_id,
    }
    is_asked = sys.stdin.isatty()
    password = getpass.getpass() if is_asked else sys.stdin.readline().removesuffix("\n")
    url, pepper = load_database_url(os.environ), load_pepper(os.environ)
    try:
        print(asyncio.run(create_first(url, pepper, sent, password)))
    except Problem as problem:
        print(f"gateway: {problem.detail}", file=sys.stderr)
        return 1
    return 0


COMMANDS = {
    "migrate": _migrate,
    "check": _check,
    "run": _run,
    "create-key": _create_key,
    "create-person": _create_person,
}

if __name__ == "__main__":
    # structlog loads rich where it is, to draw tracebacks, which we have drawn plainly: 80 ms and 4 MB.
    sys.modules["rich"] = None  # type: ignore[assignment]
    sys.exit(main())
