"""The layout before: a queue for each event. What waits there is moved to where it is heard now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import amqp
from kombu import Connection

from chassis.contract import Consumer
from chassis.events import EVERY
from chassis.wire import topology
from chassis.wire.envelopes import ATTEMPTS_HEADER, SENDER_HEADER, attempts_of, body_of, sender_of
from kernel import broker


class InUse(Exception):
    """Somebody still listens to a queue of the layout before."""


def move_old_queues(connection: Connection, listener: str, consumers: Iterable[Consumer]) -> int:
    """Empty the queues that the listener had for single events into those that it has now, and delete
    them; how many messages were moved. InUse, and nothing is moved, while replicas of a version that
    needs them run."""
    moved = 0
    for consumer in consumers:
        for name in () if consumer.is_alone else sorted(consumer.names):
            old = f"{listener}.{consumer.source}.{'every' if name == EVERY else name}"
            binding = topology.Binding(broker.events_exchange(consumer.source), name)
            if _is_there(connection, old):
                moved += _move(
                    connection, old, topology.event_queue_name(listener, consumer), binding
                )
    return moved


def _is_there(connection: Connection, queue: str) -> bool:
    channel = connection.channel()
    try:
        found = channel.queue_declare(queue, passive=True)
    except amqp.NotFound:
        return False
    channel.close()
    if found.consumer_count:
        raise InUse(f"{queue} is still listened to: stop the service's former version first")
    return True


def _move(connection: Connection, old: str, new: str, binding: topology.Binding) -> int:
    own = topology.own_exchange(old.partition(".")[0]).name
    moved = 0
    with connection.channel() as channel:
        channel.auto_decode = False
        channel.confirm_select()
        channel.queue_bind(new, own, old)  # what is on the ladder comes back under the old name
        channel.queue_unbind(old, own, old)
        channel.queue_unbind(old, binding.exchange, binding.routing_key)
        while (message := channel.basic_get(old)) is not None:
            again = _again(message, str(connection.userid))
            channel.basic_publish_confirm(again, exchange=own, routing_key=new)
            channel.basic_ack(message.delivery_tag)
            moved += 1
        channel.queue_delete(old)
    return moved


def _again(message: amqp.Message, user: str) -> amqp.Message:
    headers: dict[str, Any] = {
        ATTEMPTS_HEADER: attempts_of(message),
        SENDER_HEADER: sender_of(message),
    }
    return amqp.Message(
        body_of(message),
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=2,
        message_id=str(message.properties.get("message_id") or ""),
        user_id=user,
        application_headers=headers,
    )
