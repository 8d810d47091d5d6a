"""Exchanges and queues: their names and how they are declared. Quorum queues for everything that must
last; the retry ladder is shared by a service's queues.

A message to be tried again goes to the fanout exchange of a step with its own queue's name as routing
key; the step's queue lets it lie for its fixed time, then dead-letters it to the default exchange, which
brings it back to that queue.
"""

from __future__ import annotations

from typing import Any

from kombu import Exchange, Queue

from chassis.events import EVERY, Subscription
from chassis.ground.config import retry_seconds

RETRY_SECONDS = retry_seconds()
DELIVERIES_MAX = 100  # a message that kills its reader so often is taken away from it

RPC_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
CONTRACTS_EXCHANGE = Exchange("steward.contracts", type="fanout", durable=True)


def rpc_queue(service: str) -> Queue:
    """The service's requests, as nameko names it."""
    return Queue(f"rpc-{service}", RPC_EXCHANGE, routing_key=f"{service}.*", durable=True)


def events_exchange(source: str) -> Exchange:
    """Where a service announces, as nameko names it."""
    return Exchange(f"{source}.events", type="topic", durable=True)


def event_queue(listener: str, subscription: type[Subscription]) -> Queue:
    """A listener's queue for one kind of event."""
    name = "every" if subscription.name == EVERY else subscription.name
    return Queue(
        f"{listener}.{subscription.source}.{name}",
        events_exchange(subscription.source),
        routing_key=subscription.name,
        durable=True,
        queue_arguments={
            **_quorum(dead_letters_to=dead_queue_name(listener)),
            "x-delivery-limit": DELIVERIES_MAX,
        },
    )


def dead_queue_name(listener: str) -> str:
    """The queue of messages that the broker took away after too many deliveries."""
    return f"{listener}.dead"


def dead_queue(listener: str) -> Queue:
    """What the broker took away; the listener drains it into its table of parked messages."""
    return Queue(
        dead_queue_name(listener),
        durable=True,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": 2**31 - 1,
        },  # wait, never drop
    )


def retry_exchange(listener: str, step: int) -> Exchange:
    """The way onto one step of the ladder."""
    return Exchange(_retry_name(listener, step), type="fanout", durable=True)


def retry_queue(listener: str, step: int) -> Queue:
    """One step of the ladder: messages lie here for its time, then go back to their queue."""
    return Queue(
        _retry_name(listener, step),
        retry_exchange(listener, step),
        durable=True,
        queue_arguments={
            **_quorum(dead_letters_to=None),
            "x-message-ttl": _milliseconds(step),
        },
    )


def declare(channel: Any, service: str, subscriptions: list[type[Subscription]]) -> list[Queue]:
    """Declare all that a service publishes to and listens to; its event queues."""
    events_exchange(service).bind(channel).declare()
    CONTRACTS_EXCHANGE.bind(channel).declare()
    rpc_queue(service).bind(channel).declare()
    dead_queue(service).bind(channel).declare()
    for step in range(len(RETRY_SECONDS)):
        retry_queue(service, step).bind(channel).declare()
    queues = [event_queue(service, subscription) for subscription in subscriptions]
    for queue in queues:
        queue.bind(channel).declare()
    return queues


def _retry_name(listener: str, step: int) -> str:
    # The time is in the name: a ladder with other times has other queues, as a queue's cannot change.
    return f"{listener}.retry.{_milliseconds(step)}"


def _milliseconds(step: int) -> int:
    return int(RETRY_SECONDS[step] * 1000)


def _quorum(dead_letters_to: str | None) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": "",
        **({"x-dead-letter-routing-key": dead_letters_to} if dead_letters_to else {}),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
