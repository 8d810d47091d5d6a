"""An instance: one system's own virtual host, databases and users on a broker and a PostgreSQL.

This file holds the names and the table of what each user may do on the broker; what those from outside
may is in `subscribers.py`.
"""

import base64
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from kernel.broker import (
    CONTRACTS_EXCHANGE,
    GATEWAY,
    RPC_EXCHANGE,
    USERS_RULE,
    events_exchange,
    introductions_exchange,
    replies_exchange,
)
from ops import subscribers
from ops.subscribers import LIMITS, Subscriber, is_subscriber

ROOT = Path(__file__).resolve().parents[1]


def find_services(root: Path = ROOT) -> tuple[str, ...]:
    """Return the names of all services: the folders of `services/`.

    An image holds one service or none, so the names were written beside this file when it was built."""
    written = root / "ops" / "services.txt"
    if written.exists():
        return tuple(written.read_text().split())
    return tuple(sorted(path.parent.name for path in root.glob("services/*/service.py")))


SERVICES = find_services()
OWNERS = (*SERVICES, GATEWAY)
"""Who owns a database and a broker user."""

ADMIN = "admin"
"""For tests and a curious developer; no process of the system runs as this user."""

RESERVED = frozenset({"broker", "postgres", "logs"})
NOBODYS = frozenset({ADMIN, GATEWAY, "amq", "nameko", "rpc", "shared", "steward"})
"""What no service may be called: others' names begin so."""


class Permission(NamedTuple):
    """What a broker user may declare and delete, publish to and read from: three regular expressions.

    `binds_to_rpc` says by which routing keys it may bind a queue to the exchange of requests.
    """

    configure: str
    write: str
    read: str
    binds_to_rpc: str = ""


def permit(owner: str) -> Permission:
    """Return what an owner's user may do.

    Each has what bears its own name. The default exchange, by which any queue can be written to, is
    nobody's. A service hears the events of all and takes its own requests; it answers by an exchange
    of its own, as a right to write to `nameko-rpc` could not be confined to replies: the header CC
    carries a message to routing keys that RabbitMQ before 4.0 checks no right for.
    """
    if owner == ADMIN:
        return Permission(".*", ".*", ".*", ".*")
    rpc, contracts = re.escape(RPC_EXCHANGE), re.escape(CONTRACTS_EXCHANGE)
    if owner == GATEWAY:
        # Its replies come to queues as nameko names them, bound by one word; a request's key has two.
        own = rf"{rpc}|rpc\.reply-.*|gateway\..*"
        return Permission(
            configure=f"^({own}|{contracts})$",
            write=f"^({own})$",
            read=rf"^({own}|{contracts}|[a-z_]+\.replies)$",
            binds_to_rpc="^[^.*#]+$",
        )
    own = rf"{owner}\..*|rpc-{owner}"
    return Permission(
        configure=f"^({own})$",
        write=f"^({own}|{contracts})$",
        read=rf"^({own}|{rpc}|[a-z_]+\.(events|introductions))$",
        binds_to_rpc=rf"^{owner}\.\*$",
    )


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


def check_service(name: str) -> str:
    """Return the name, refused unless a service may have it.

    Raises:
        ValueError: it has other characters than a-z and _, or is the beginning of others' names.
    """
    if not re.fullmatch(r"[a-z][a-z_]{0,39}", name) or name in NOBODYS or is_subscriber(name):
        raise ValueError(
            f"A service is named with up to 40 of a-z and _, and not {sorted(NOBODYS)} or "
            f"{subscribers.USUAL}: {name!r} will not do."
        )
    return name


def name_user(owner: str) -> str:
    """Return the name of an owner's user on the broker and in PostgreSQL."""
    if owner not in (GATEWAY, ADMIN) and not is_subscriber(owner):
        check_service(owner)
    return USERS_RULE.format(owner=owner)


def name_virtual_host(instance: str) -> str:
    """Return the name of an instance's virtual host on the broker."""
    return f"steward_{check_name(instance)}"


def name_database(instance: str, owner: str) -> str:
    """Return the name of a service's database in an instance."""
    if owner not in OWNERS:
        raise ValueError(f"There is no database {owner!r}; there are {', '.join(OWNERS)}.")
    return f"steward_{check_name(instance)}_{owner}"


def list_exchanges(services: Iterable[str] = SERVICES) -> dict[str, str]:
    """Return the exchanges that more than one user needs, with their types.

    They are a part of the instance: nobody has to wait for who declares them.
    """
    return {
        RPC_EXCHANGE: "topic",
        CONTRACTS_EXCHANGE: "fanout",
        **{events_exchange(service): "topic" for service in services},
        **{replies_exchange(service): "direct" for service in services},
        **{introductions_exchange(service): "direct" for service in services},
    }


def list_definitions(
    instance: str,
    password_of: Callable[[str], str],
    services: Iterable[str] = SERVICES,
    outside: Iterable[Subscriber] = (Subscriber(),),
) -> dict[str, Any]:
    """Return an instance's virtual host, users, rights, exchanges and subscribers' queues as RabbitMQ
    imports them."""
    host = name_virtual_host(instance)
    services, outside = tuple(map(check_service, services)), tuple(outside)
    owners = (*services, GATEWAY, ADMIN)
    theirs = subscribers.list_definitions(outside, host, services)
    return {
        **theirs,
        "vhosts": [{"name": host}],
        "users": [
            *(_make_user(name_user(owner), password_of) for owner in owners),
            *(_make_user(each.user, password_of) | {"limits": LIMITS} for each in outside),
        ],
        "permissions": [*(_list_rights(owner, host) for owner in owners), *theirs["permissions"]],
        "topic_permissions": [
            *(_list_topics(owner, host) for owner in owners),
            *theirs["topic_permissions"],
        ],
        "exchanges": [
            {
                "name": name,
                "vhost": host,
                "type": kind,
                "durable": True,
                "auto_delete": False,
                "internal": False,
                "arguments": {},
            }
            for name, kind in list_exchanges(services).items()
        ],
    }


def _make_user(name: str, password_of: Callable[[str], str]) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": _hash_password(password_of(name)),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"] if name == name_user(ADMIN) else [],
    }


def _list_rights(owner: str, host: str) -> dict[str, Any]:
    may = permit(owner)
    return {
        "user": name_user(owner),
        "vhost": host,
        "configure": may.configure,
        "write": may.write,
        "read": may.read,
    }


def _list_topics(owner: str, host: str) -> dict[str, Any]:
    return {
        "user": name_user(owner),
        "vhost": host,
        "exchange": RPC_EXCHANGE,
        "write": ".*",
        "read": permit(owner).binds_to_rpc,
    }


def _hash_password(password: str) -> str:
    """RabbitMQ's salted hash, as in its guide "Credentials and Passwords"."""
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
