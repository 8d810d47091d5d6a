"""What docker-compose.yml has done by containers of their own before the system starts.

    python -m ops.compose secrets      before the servers start
    python -m ops.compose databases    as soon as PostgreSQL serves

All secrets are made at the first start. Each process finds those it needs, and no others, in a
volume of its own.
"""

import argparse
import json
import secrets
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from ops import instances
from ops.databases import Databases
from ops.keys import load_keys
from ops.secrets import derive_password, load_secret, remember
from ops.subscribers import Subscriber, UnclearSubscribers, read_subscribers

INSTANCE = "main"
VOLUMES = Path("/volumes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ops.compose",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS)
    try:
        COMMANDS[parser.parse_args(arguments).command](VOLUMES)
    except UnclearSubscribers as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def hand_out_secrets(volumes: Path) -> None:
    """Make the secrets, if there are none yet, and write each into the volume of who needs it.

    Whatever is not in the volume `root` can be made again from what is.
    """
    root = volumes / "root"
    keys, outside = load_keys(root), read_subscribers()
    password_of = _find_passwords(root, outside)
    databases = _databases(password_of("postgres"))
    definitions = instances.list_definitions(INSTANCE, password_of, outside=outside)
    (volumes / "rabbitmq" / "definitions.json").write_text(json.dumps(definitions))
    (volumes / "postgres" / "password").write_text(password_of("postgres"))
    for owner in instances.OWNERS:
        user = instances.name_user(owner)
        environment = {
            "AMQP_URI": _write_address(user, password_of),
            "DATABASE_URL": databases.url(owner, INSTANCE),
        }
        if owner == "gateway":
            environment["STEWARD_CALL_SECRET"] = keys.call_secret
            environment["STEWARD_KEY_PEPPER"] = keys.pepper
        else:
            environment["STEWARD_CALL_KEY"] = keys.call_key(owner)
        (volumes / owner / "environment").write_text(_write_shell(environment))
    _hand_out_addresses(volumes / "subscribers", outside, password_of)


def make_databases(volumes: Path) -> None:
    """Make the users and databases that PostgreSQL does not have yet; each user enters its own alone."""
    databases = _databases((volumes / "postgres" / "password").read_text())
    databases.close_to_others()
    databases.make(INSTANCE)


COMMANDS = {"secrets": hand_out_secrets, "databases": make_databases}


def _find_passwords(root: Path, outside: Iterable[Subscriber]) -> Callable[[str], str]:
    """Those of our own users follow from one secret. Each subscriber's is a file, so that it can be made
    anew without any other's: delete the file."""
    theirs = {each.user for each in outside}
    derived = partial(derive_password, load_secret(root))

    def password_of(user: str) -> str:
        if user in theirs:
            return remember(root / user, lambda: secrets.token_hex(20))
        return derived(user)

    return password_of


def _hand_out_addresses(
    folder: Path, outside: Iterable[Subscriber], password_of: Callable[[str], str]
) -> None:
    """Write the broker's address for each subscriber into a file of its name; no others stay there."""
    for file in folder.iterdir():
        file.unlink()
    for each in outside:
        (folder / each.name).write_text(_write_address(each.user, password_of) + "\n")


def _databases(superuser_password: str) -> Databases:
    return Databases(f"postgresql://postgres:{superuser_password}@postgres/postgres")


def _write_address(user: str, password_of: Callable[[str], str]) -> str:
    host = instances.name_virtual_host(INSTANCE)
    return f"amqp://{user}:{password_of(user)}@rabbitmq/{host}"


def _write_shell(environment: Mapping[str, str]) -> str:
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.items())


if __name__ == "__main__":
    sys.exit(main())
