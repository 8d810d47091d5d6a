"""What docker-compose.yml has done by containers of their own before the system starts.

    python -m ops.compose secrets      before the servers start
    python -m ops.compose databases    as soon as PostgreSQL serves

All secrets are made at the first start. Each process finds those it needs, and no others, in a
volume of its own.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from ops import instances
from ops.databases import Databases
from ops.keys import load_keys
from ops.secrets import derive_password, load_secret

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
    COMMANDS[parser.parse_args(arguments).command](VOLUMES)
    return 0


def hand_out_secrets(volumes: Path) -> None:
    """Make the secrets, if there are none yet, and write each into the volume of who needs it.

    Whatever is not in the volume `root` can be made again from what is.
    """
    root = volumes / "root"
    secret = load_secret(root)
    keys = load_keys(root)
    password_of = partial(derive_password, secret)
    superuser_password = password_of("postgres")
    databases = _databases(superuser_password)
    definitions = instances.list_definitions(INSTANCE, password_of)
    (volumes / "rabbitmq" / "definitions.json").write_text(json.dumps(definitions))
    (volumes / "postgres" / "password").write_text(superuser_password)
    for owner in instances.OWNERS:
        user = instances.name_user(owner)
        host = instances.name_virtual_host(INSTANCE)
        environment = {
            "AMQP_URI": f"amqp://{user}:{password_of(user)}@rabbitmq/{host}",
            "DATABASE_URL": databases.url(owner, INSTANCE),
        }
        if owner == "gateway":
            environment["STEWARD_CALL_SECRET"] = keys.call_secret
            environment["STEWARD_KEY_PEPPER"] = keys.pepper
        else:
            environment["STEWARD_CALL_KEY"] = keys.call_key(owner)
        (volumes / owner / "environment").write_text(_write_shell(environment))


def make_databases(volumes: Path) -> None:
    """Make the users and databases that PostgreSQL does not have yet; each user enters its own alone."""
    databases = _databases((volumes / "postgres" / "password").read_text())
    databases.close_to_others()
    databases.make(INSTANCE)


COMMANDS = {"secrets": hand_out_secrets, "databases": make_databases}


def _databases(superuser_password: str) -> Databases:
    return Databases(f"postgresql://postgres:{superuser_password}@postgres/postgres")


def _write_shell(environment: Mapping[str, str]) -> str:
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.items())


if __name__ == "__main__":
    sys.exit(main())
