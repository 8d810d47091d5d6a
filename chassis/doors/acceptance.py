"""Which messages are believed: those of the user who may say it, in a version that is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from chassis.contract import Consumer
from chassis.events import EVERY
from chassis.ground.config import settings
from chassis.wire import topology
from chassis.wire.envelopes import Envelope


class Why(StrEnum):
    """Why a message is parked."""

    FAILED = "failed"
    UNDECODABLE = "undecodable"
    MISPLACED = "misplaced"
    FORGED = "forged"
    EVENT_UNKNOWN = "event_unknown"
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


def find_unheard(
    contracts: Mapping[str, Consumer], handlers: Sequence[str], event: Envelope
) -> Unusable | None:
    """What of an event no handler of its queue takes: all of it, or its version. Whoever hears everything
    takes that, too, but does not stand in for those who know the event."""
    consumers = [contracts[name] for name in handlers]
    told = f"{event.source}.{event.name}"
    if event.source != consumers[0].source:
        return Unusable(Why.MISPLACED, f"{told} is not what this queue is for")
    knowing = [one for one in consumers if event.name in one.names]
    if not knowing and not any(EVERY in one.names for one in consumers):
        return Unusable(
            Why.EVENT_UNKNOWN, f"no handler here takes {told}; one of a newer version may"
        )
    if knowing and not any(one.find(event.name, event.event_version) for one in knowing):
        return Unusable(
            Why.VERSION_UNKNOWN, f"no handler here takes version {event.event_version} of {told}"
        )
    return None


def find_takers(
    contracts: Mapping[str, Consumer], handlers: Iterable[str], event: Envelope
) -> list[str]:
    """Which of a queue's handlers take the event."""
    return [
        name
        for name in handlers
        if contracts[name].source == event.source
        and contracts[name].find(event.name, event.event_version)
    ]


def inbox_names(service: str, contracts: Mapping[str, Any]) -> dict[str, str]:
    """Under which name each handler enters events in the inbox: that of the handler of the first version.
    What is announced under one id in two versions is one event, and has its effect once."""

    def first_version(name: str) -> int:
        return min(one.event_version for one in contracts[name].subscriptions)

    return {
        name: min(
            (other for other in names if contracts[other].names & contracts[name].names),
            key=first_version,
        )
        for names in handlers_by_queue(service, contracts).values()
        for name in names
    }


def handlers_by_queue(service: str, contracts: Mapping[str, Any]) -> dict[str, list[str]]:
    """The handlers of each of a service's queues of events."""
    found: dict[str, list[str]] = {}
    for name, contract in contracts.items():
        if isinstance(contract, Consumer):
            queue = topology.event_queue_name(service, contract)
            found.setdefault(queue, []).append(name)
    return found
