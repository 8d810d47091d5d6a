"""What an instance has on a laptop's broker besides that of production: guests, and an impersonator."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from kombu import Connection

from ops import instances
from ops.subscribers import QUEUE, read_subscribers


def list_definitions(
    instance: str, password_of: Callable[[str], str], guests: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what the broker imports. Guests are services of a test; the administrator may speak for
    anybody, so that a test can play a service that has no user."""
    services = (*instances.SERVICES, *guests)
    definitions = instances.list_definitions(instance, password_of, services, read_subscribers())
    for user in definitions["users"]:
        if user["name"] == instances.name_user(instances.ADMIN):
            user["tags"].append("impersonator")
    return definitions


def fingerprint(guests: Sequence[str] = ()) -> str:
    """Return a text that changes when what `list_definitions` returns does."""
    definitions = list_definitions("any", lambda _: "", guests)
    for user in definitions["users"]:
        del user["password_hash"]  # it is salted
    return hashlib.sha256(repr(definitions).encode()).hexdigest()


def declare(amqp_uri: str, guests: Sequence[str] = ()) -> None:
    """Declare an instance's exchanges and its subscribers' queues on a broker that cannot import them, as
    its one user."""
    with Connection(amqp_uri, connect_timeout=5) as connection:
        channel = connection.channel()
        for name, kind in instances.list_exchanges((*instances.SERVICES, *guests)).items():
            channel.exchange_declare(name, kind, durable=True, auto_delete=False)
        for subscriber in read_subscribers():
            channel.queue_declare(subscriber.name, durable=True, auto_delete=False, arguments=QUEUE)
