"""Which messages are believed: those of the user who may say it, in a version that is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from chassis.contract import Consumer
from chassis.ground.config import settings
from chassis.wire import topology
from chassis.wire.envelopes import Envelope


class Why(StrEnum):
    """Why a message is parked."""

    FAILED = "failed"
    UNDECODABLE = "undecodable"
    MISPLACED = "misplaced"
    FORGED = "forged"
    VERSION_UNKNOWN = "version_unknown"
    DELIVERED_TOO_OFTEN = "delivered_too_often"


class Unusable(Exception):
    """A message that no handler is asked to handle."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


def require_sender(event: Envelope, sender: str) -> None:
    """Unusable unless the broker's user that sent the event is its source's."""
    wanted = settings().users.of(event.source)
    if sender != wanted:
        raise Unusable(
            Why.FORGED,
            f"an event of {event.source} comes from the user {wanted}, not from {sender or 'nobody'}",
        )


def require_taken(consumer: Consumer, event: Envelope) -> None:
    """Unusable unless the handler is for this event."""
    wanted = consumer.subscription
    if event.source != wanted.source or not wanted.is_about(event.name):
        raise Unusable(Why.MISPLACED, f"{event.source}.{event.name} is not what this queue is for")
    if not wanted.takes(event.name, event.event_version):
        raise Unusable(
            Why.VERSION_UNKNOWN,
            f"no handler here takes version {event.event_version} of {event.source}.{event.name}",
        )


def find_taker(
    contracts: Mapping[str, Any], handlers: Iterable[str], event: Envelope
) -> str | None:
    """Which of a queue's handlers takes the event."""
    for name in handlers:
        if contracts[name].subscription.takes(event.name, event.event_version):
            return name
    return None


def inbox_names(service: str, contracts: Mapping[str, Any]) -> dict[str, str]:
    """Under which name each handler enters events in the inbox: that of the handler of the queue's first
    version. What is announced under one id in two versions is one event, and has its effect once."""
    return {
        name: min(names, key=lambda one: contracts[one].subscription.event_version)
        for names in handlers_by_queue(service, contracts).values()
        for name in names
    }


def handlers_by_queue(service: str, contracts: Mapping[str, Any]) -> dict[str, list[str]]:
    """The handlers of each of a service's queues of events: several where each takes another version."""
    found: dict[str, list[str]] = {}
    for name, contract in contracts.items():
        if isinstance(contract, Consumer):
            queue = topology.event_queue_name(service, contract.subscription)
            found.setdefault(queue, []).append(name)
    return found
