"""Subscribers from outside: who may hear what the services announce, and can do nothing else.

Each has a user of the broker and a queue that is made for it, of one name. Why so: docs/decisions/0030.
"""

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kernel.broker import USERS_RULE, events_exchange

SETTING = "STEWARD_SUBSCRIBERS"
USUAL = "subscriber"
NAME = re.compile(rf"{USUAL}(_[a-z_]{{1,30}})?")
TOPICS = re.compile(r"[a-z_.*|()]+")

QUEUE_BYTES_MAX = 100_000_000
"""Of unread events, some 100,000: beyond that the oldest go."""

LIMITS = {"max-connections": 20, "max-channels": 100}
"""Of one subscriber's user."""

QUEUE = {"x-queue-type": "quorum"}
NOTHING = "^$"


class UnclearSubscribers(ValueError):
    """The setting cannot be read; the text says what is wrong and what to write."""


class Subscriber(NamedTuple):
    """One from outside. `name` is its queue's, and its user's behind `steward_`; `topics` is a regular
    expression for the names of the events that it may hear."""

    name: str = USUAL
    topics: str = ".*"

    @property
    def user(self) -> str:
        """Its user of the broker."""
        return USERS_RULE.format(owner=self.name)


def read_subscribers(environment: Mapping[str, str] = os.environ) -> tuple[Subscriber, ...]:
    """Return who is named in STEWARD_SUBSCRIBERS: `subscriber subscriber_crm=invoice_.*|payment_.*`.

    Raises:
        UnclearSubscribers: a name or its topics will not do.
    """
    words = environment.get(SETTING, USUAL).split()
    found = tuple(_read(word) for word in words)
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise UnclearSubscribers(f"{SETTING} names {name} twice; name it once.")
    return found


def is_subscriber(owner: str) -> bool:
    """Whether the name is one that only a subscriber may have."""
    return NAME.fullmatch(owner) is not None


def list_definitions(
    subscribers: Iterable[Subscriber], host: str, services: Iterable[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the rights and queues of subscribers in a virtual host, as RabbitMQ imports them.

    To bind a queue is to write to it and to read from the exchange. As no exchange bears a subscriber's
    name and it can declare none, it can publish nowhere.
    """
    those, exchanges = tuple(subscribers), tuple(map(events_exchange, services))
    return {
        "permissions": [_permission(each, host, exchanges) for each in those],
        "topic_permissions": [
            {
                "user": each.user,
                "vhost": host,
                "exchange": exchange,
                "write": NOTHING,
                "read": f"^({each.topics})$",
            }
            for each in those
            for exchange in exchanges
        ],
        "queues": [
            {
                "name": each.name,
                "vhost": host,
                "durable": True,
                "auto_delete": False,
                "arguments": QUEUE,
            }
            for each in those
        ],
        "policies": [_policy(host)],
    }


def _read(word: str) -> Subscriber:
    name, equals, topics = word.partition("=")
    if not is_subscriber(name):
        raise UnclearSubscribers(
            f"{SETTING}: a subscriber is named {USUAL} or, as in {USUAL}_crm, with letters a-z and _ "
            f"behind that; {name!r} will not do."
        )
    if not equals:
        return Subscriber(name)
    if not TOPICS.fullmatch(topics) or not _is_expression(topics):
        raise UnclearSubscribers(
            f"{SETTING}: what {name} may hear is a regular expression for names of events, as in "
            f"{name}=invoice_.*|payment_.*; {topics!r} will not do."
        )
    return Subscriber(name, topics)


def _is_expression(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _permission(subscriber: Subscriber, host: str, exchanges: Iterable[str]) -> dict[str, Any]:
    own = re.escape(subscriber.name)
    readable = "|".join(map(re.escape, (subscriber.name, *exchanges)))
    return {
        "user": subscriber.user,
        "vhost": host,
        "configure": NOTHING,
        "write": f"^{own}$",
        "read": f"^({readable})$",
    }


def _policy(host: str) -> dict[str, Any]:
    """What keeps an unread queue small and its services from waiting for it."""
    return {
        "name": "subscribers",
        "vhost": host,
        "pattern": f"^{NAME.pattern}$",
        "apply-to": "queues",
        "priority": 1,
        "definition": {
            "max-length-bytes": QUEUE_BYTES_MAX,
            "overflow": "drop-head",
            "delivery-limit": 2**31 - 1,
        },
    }
