"""Exchanges and queues: their names and how they hang together. Quorum queues for everything that must
last; the retry ladder is shared by a service's queues.

All that a service declares bears its own name. The exchange `<service>.queues` brings a message to each
of its queues by the queue's name, as the default exchange would, which no service may write to. A message
to be tried again goes to the fanout exchange of a step with its queue's name as routing key; the step's
queue lets it lie for its fixed time, then dead-letters it to `<service>.queues`, which brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chassis.contract import Consumer
from chassis.events import is_introduction
from chassis.ground.config import retry_seconds
from kernel import broker

RETRY_SECONDS = retry_seconds()
DELIVERIES_MAX = 100  # a message that kills its reader so often is taken away from it


class Exchange(NamedTuple):
    """A durable exchange."""

    name: str
    kind: str


class Binding(NamedTuple):
    """By which exchange, under which routing key, messages come to a queue."""

    exchange: str
    routing_key: str


@dataclass(frozen=True)
class Queue:
    """A durable queue."""

    name: str
    bindings: tuple[Binding, ...]
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Topology:
    """What a service declares for itself, in the order in which that can be done."""

    exchanges: tuple[Exchange, ...]
    queues: tuple[Queue, ...]


def topology_of(service: str, consumers: Iterable[Consumer]) -> Topology:
    """All that a service needs to answer, to listen and to try again. Not the exchange it announces by,
    which the relay sees to: whoever made that anew unnoticed would publish to nobody."""
    heard: dict[str, set[Binding]] = {}
    for one in consumers:
        bindings = {_binding(service, one.source, name) for name in one.names}
        heard.setdefault(event_queue_name(service, one), set()).update(bindings)
    steps = range(len(RETRY_SECONDS))
    return Topology(
        exchanges=(
            own_exchange(service),
            Exchange(broker.replies_exchange(service), "direct"),
            introductions_exchange(service),
            *(retry_exchange(service, step) for step in steps),
        ),
        queues=(
            _dead_queue(service),
            *(_retry_queue(service, step) for step in steps),
            _rpc_queue(service),
            *(_event_queue(service, name, sorted(heard[name])) for name in sorted(heard)),
        ),
    )


def events_exchange(source: str) -> Exchange:
    """Where a service announces, as nameko names it."""
    return Exchange(broker.events_exchange(source), "topic")


def introductions_exchange(source: str) -> Exchange:
    """Where a service tells one listener how things are."""
    return Exchange(broker.introductions_exchange(source), "direct")


def introduction_key(listener: str, event: str) -> str:
    """By which routing key one listener hears how things are."""
    return f"{listener}.{event}"


def own_exchange(service: str) -> Exchange:
    """The way to each of a service's queues by its name."""
    return Exchange(f"{service}.queues", "direct")


def event_queue_name(listener: str, consumer: Consumer) -> str:
    """A listener's queue for what it hears of a source; for one event where a handler is alone."""
    name = f"{listener}.{consumer.source}"
    return f"{name}.{min(consumer.names)}" if consumer.is_alone else name


def dead_queue_name(listener: str) -> str:
    """The queue of messages that the broker took away after too many deliveries."""
    return f"{listener}.dead"


def retry_exchange(listener: str, step: int) -> Exchange:
    """The way onto one step of the ladder."""
    return Exchange(_retry_name(listener, step), "fanout")


def _rpc_queue(service: str) -> Queue:
    name = broker.rpc_queue(service)
    return Queue(name, (Binding(broker.RPC_EXCHANGE, f"{service}.*"),))


def _binding(listener: str, source: str, event: str) -> Binding:
    if is_introduction(event):
        return Binding(introductions_exchange(source).name, introduction_key(listener, event))
    return Binding(broker.events_exchange(source), event)


def _event_queue(listener: str, name: str, bindings: Iterable[Binding]) -> Queue:
    return Queue(
        name,
        (Binding(own_exchange(listener).name, name), *bindings),
        {
            **_quorum(listener),
            "x-dead-letter-routing-key": dead_queue_name(listener),
            "x-delivery-limit": DELIVERIES_MAX,
        },
    )


def _dead_queue(listener: str) -> Queue:
    """The listener drains it into its table of parked messages; until then they wait and never drop."""
    name = dead_queue_name(listener)
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": 2**31 - 1}
    return Queue(name, (Binding(own_exchange(listener).name, name),), arguments)


def _retry_queue(listener: str, step: int) -> Queue:
    """Messages lie here for the step's time, then go back to their queue."""
    name = _retry_name(listener, step)
    arguments = {**_quorum(listener), "x-message-ttl": _milliseconds(step)}
    return Queue(name, (Binding(name, ""),), arguments)


def _retry_name(listener: str, step: int) -> str:
    # The time is in the name: a ladder with other times has other queues, as a queue's cannot change.
    return f"{listener}.retry.{_milliseconds(step)}"


def _milliseconds(step: int) -> int:
    return int(RETRY_SECONDS[step] * 1000)


def _quorum(listener: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": own_exchange(listener).name,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
