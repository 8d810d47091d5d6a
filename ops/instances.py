"""An instance: one system's own virtual host, databases and users on a broker and a PostgreSQL.

This file holds the names and the table of what each user may do on the broker.
"""

import base64
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]


def find_services(root: Path = ROOT) -> tuple[str, ...]:
    """Return the names of all services: the folders of `services/`.

    An image holds one service or none, so the names were written beside this file when it was built."""
    written = root / "ops" / "services.txt"
    if written.exists():
        return tuple(written.read_text().split())
    return tuple(sorted(path.parent.name for path in root.glob("services/*/service.py")))


SERVICES = find_services()
OWNERS = (*SERVICES, "gateway")
"""Who owns a database and a broker user."""

RESERVED = frozenset({"broker", "postgres", "logs"})


class Permission(NamedTuple):
    """What a broker user may create, publish to and read from: three regular expressions."""

    configure: str
    write: str
    read: str


def _may_use(own: str, heard: str) -> Permission:
    """Whoever declares and writes to its own, and also binds to (reads from) what it hears of others.

    An exchange is declared by whoever uses it first, hence configure on what is heard.
    """
    return Permission(
        configure=f"^({own}|{heard})$", write=rf"^({own}|amq\.default)$", read=f"^({own}|{heard})$"
    )


# `nameko-rpc` is the exchange of requests and replies; `rpc-<service>` a service's requests;
# `<listener>.…` its event queues, its retries and its own exchange `<service>.events`.
PERMISSIONS: dict[str, Permission] = {
    **{
        service: _may_use(
            own=rf"nameko-rpc|rpc-{service}|{service}\..*|steward\..*", heard=r"[a-z]+\.events"
        )
        for service in SERVICES
    },
    # The gateway calls every service and answers none.
    "gateway": _may_use(
        own=r"nameko-rpc|rpc\.reply-gateway-.*|gateway\..*|steward\..*", heard=r"[a-z]+\.events"
    ),
    # For tests and a curious developer; no process of the system runs as this user.
    "admin": Permission(".*", ".*", ".*"),
}


def check_name(instance: str) -> str:
    """Return the name, refused unless it can be part of a database's name.

    Raises:
        ValueError: it is too long, reserved or has other characters than a-z, 0-9 and _.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", instance) or instance in RESERVED:
        raise ValueError(
            f"An instance is named with up to 40 of a-z, 0-9 and _, and not {sorted(RESERVED)}: "
            f"{instance!r} will not do."
        )
    return instance


def name_user(owner: str) -> str:
    """Return the name of a service's user on the broker and in PostgreSQL."""
    if owner not in PERMISSIONS:
        raise ValueError(f"There is no user {owner!r}; there are {', '.join(PERMISSIONS)}.")
    return f"steward_{owner}"


def name_virtual_host(instance: str) -> str:
    """Return the name of an instance's virtual host on the broker."""
    return f"steward_{check_name(instance)}"


def name_database(instance: str, owner: str) -> str:
    """Return the name of a service's database in an instance."""
    if owner not in OWNERS:
        raise ValueError(f"There is no database {owner!r}; there are {', '.join(OWNERS)}.")
    return f"steward_{check_name(instance)}_{owner}"


def fingerprint() -> str:
    """Return a text that changes when the users or their permissions do."""
    return hashlib.sha256(repr(PERMISSIONS).encode()).hexdigest()


def list_definitions(instance: str, password_of: Callable[[str], str]) -> dict[str, Any]:
    """Return an instance's virtual host, users and permissions as RabbitMQ imports them."""
    host = name_virtual_host(instance)
    users = {name_user(owner): permission for owner, permission in PERMISSIONS.items()}
    return {
        "vhosts": [{"name": host}],
        "users": [
            {
                "name": user,
                "password_hash": _hash_password(password_of(user)),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": ["administrator"] if user == name_user("admin") else [],
            }
            for user in users
        ],
        "permissions": [
            {"user": user, "vhost": host, **permission._asdict()}
            for user, permission in users.items()
        ],
    }


def _hash_password(password: str) -> str:
    """RabbitMQ's salted hash, as in its guide "Credentials and Passwords"."""
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
