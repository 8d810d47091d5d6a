"""Looking at what should be on the broker, and declaring what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import amqp
from kombu import Connection

from chassis.wire.topology import Binding, Exchange, Queue, Topology

REFUSED = (amqp.AccessRefused, amqp.PreconditionFailed)


@dataclass
class Found:
    """What was not there: `mended` is there now, `missing` cannot be had yet."""

    mended: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def mend(connection: Connection, topology: Topology) -> Found:
    """Declare what is not there, and bind again whatever should be bound. OSError or AMQPError where the
    broker is away; whatever it refuses alone is missing."""
    look = _Look(connection)
    for exchange in topology.exchanges:
        look.at_exchange(exchange)
    for queue in topology.queues:
        look.at_queue(queue)
    for queue in topology.queues:
        look.at_bindings(queue)
    look.close()
    return look.found


def make_exchange(connection: Connection, exchange: Exchange) -> bool:
    """Declare an exchange that is not there; whether it was not. AMQPError where that is refused."""
    look = _Look(connection)
    look.at_exchange(exchange)
    look.close()
    if look.found.missing:
        raise amqp.AccessRefused(look.found.missing[0])
    return bool(look.found.mended)


def unbind(connection: Connection, queue: str, binding: Binding) -> None:
    """Let a queue hear no more by a binding, whether or not it is there."""
    with connection.channel() as channel:
        channel.queue_unbind(queue, binding.exchange, binding.routing_key)


class _Look:
    """The broker closes a channel with every question that it answers with no: then another is taken."""

    def __init__(self, connection: Connection) -> None:
        self.found = Found()
        self._connection = connection
        self._channel: Any = None

    def at_exchange(self, exchange: Exchange) -> None:
        name, kind = exchange
        durable = {"durable": True, "auto_delete": False}
        self._have(
            f"exchange {name}",
            lambda channel: channel.exchange_declare(name, kind, passive=True),
            lambda channel: channel.exchange_declare(name, kind, **durable),
        )

    def at_queue(self, queue: Queue) -> None:
        durable = {"durable": True, "auto_delete": False, "arguments": queue.arguments}
        self._have(
            f"queue {queue.name}",
            lambda channel: channel.queue_declare(queue.name, passive=True),
            lambda channel: channel.queue_declare(queue.name, **durable),
        )

    def at_bindings(self, queue: Queue) -> None:
        for binding in queue.bindings:
            try:
                self._do(partial(_bind, queue.name, binding))
            except amqp.NotFound:
                self.found.missing.append(f"exchange {binding.exchange}")
            except REFUSED as refusal:
                what = f"binding of {queue.name} to {binding.exchange}"
                self.found.missing.append(f"{what} ({refusal})")

    def close(self) -> None:
        if self._channel.is_open:
            self._channel.close()

    def _have(self, what: str, ask: Callable[[Any], Any], declare: Callable[[Any], Any]) -> None:
        try:
            self._do(ask)
        except amqp.NotFound:
            try:
                self._do(declare)
                self.found.mended.append(what)
            except REFUSED as refusal:
                self.found.missing.append(f"{what} ({refusal})")

    def _do(self, action: Callable[[Any], Any]) -> None:
        if self._channel is None or not self._channel.is_open:
            self._channel = self._connection.channel()
        action(self._channel)


def _bind(queue: str, binding: Binding, channel: Any) -> None:
    channel.queue_bind(queue, binding.exchange, binding.routing_key)
