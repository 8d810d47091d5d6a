"""Which messages are believed: those of the user who may say it, in a version that is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

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


class Kind(NamedTuple):
    """What of an event decides who takes it."""

    source: str
    name: str
    event_version: int


def require_sender(event: Envelope, sender: str) -> None:
    """Unusable unless the broker's user that sent the event is its source's."""
    wanted = settings().users.of(event.source)
    if sender != wanted:
        raise Unusable(
            Why.FORGED,
            f"an event of {event.source} comes from the user {wanted}, not from {sender or 'nobody'}",
        )


def find_unheard(service: Any, handlers: Sequence[str], event: Envelope | Kind) -> Unusable | None:
    """What of an event the handlers of its queue do not take: all of it, or its version, where one knows
    the event and nobody for it takes the version. Whoever hears everything takes that, too, but does not
    stand in for those who know the event."""
    consumers: dict[str, Consumer] = {name: service.contracts[name] for name in handlers}
    told = f"{event.source}.{event.name}"
    if any(event.source != one.source for one in consumers.values()):
        return Unusable(Why.MISPLACED, f"{told} is not what this queue is for")
    knowing = {name for name, one in consumers.items() if event.name in one.names}
    if not knowing and not any(EVERY in one.names for one in consumers.values()):
        return Unusable(
            Why.EVENT_UNKNOWN, f"no handler here takes {told}; one of a newer version may"
        )
    entered = service.inbox_names
    takers = find_takers(service.contracts, knowing, event)
    lost = knowing - {one for one in knowing for name in takers if entered[one] == entered[name]}
    if lost:
        return Unusable(
            Why.VERSION_UNKNOWN,
            f"no handler here takes version {event.event_version} of {told} for {min(lost)}",
        )
    return None


def find_takers(
    contracts: Mapping[str, Consumer], handlers: Iterable[str], event: Envelope | Kind
) -> list[str]:
    """Which of a queue's handlers take the event."""
    return [
        name
        for name in handlers
        if contracts[name].source == event.source
        and contracts[name].find(event.name, event.event_version)
    ]


def inbox_names(
    service: str, contracts: Mapping[str, Any], methods: Mapping[str, Any]
) -> dict[str, str]:
    """Under which name each handler enters events in the inbox: that of the handler of the first version.
    What is announced under one id in two versions is one event, and has its effect once."""

    def first_version(name: str) -> int:
        return min(one.event_version for one in contracts[name].subscriptions)

    return {
        name: min(versions, key=first_version)
        for versions in handlers_by_versions(service, contracts, methods)
        for name in versions
    }


def handlers_by_versions(
    service: str, contracts: Mapping[str, Any], methods: Mapping[str, Any]
) -> list[list[str]]:
    """The handlers, those together that are versions of one another: they stand in one subject and listen
    by one queue to an event of the same name, but not in the same versions. Others of an event are each
    for themselves."""
    found: list[list[str]] = []
    for names in handlers_by_queue(service, contracts).values():
        for name in names:
            linked = [
                versions
                for versions in found
                if any(_are_versions(contracts, methods, name, other) for other in versions)
            ]
            found = [versions for versions in found if versions not in linked]
            found.append([*(one for versions in linked for one in versions), name])
    return found


def _are_versions(
    contracts: Mapping[str, Consumer], methods: Mapping[str, Any], name: str, other: str
) -> bool:
    one, another = contracts[name], contracts[other]
    return _place(one, methods[name]) == _place(another, methods[other]) and any(
        one.versions(event) != another.versions(event) for event in one.names & another.names
    )


def _place(consumer: Consumer, method: Any) -> tuple[str, str, bool]:
    """Which events a handler hears, for whom: its source, its subject, whether it has its own queue."""
    subject = f"{method.__module__}.{method.__qualname__.rpartition('.')[0]}"
    return consumer.source, subject, consumer.is_alone


def handlers_by_queue(service: str, contracts: Mapping[str, Any]) -> dict[str, list[str]]:
    """The handlers of each of a service's queues of events."""
    found: dict[str, list[str]] = {}
    for name, contract in contracts.items():
        if isinstance(contract, Consumer):
            queue = topology.event_queue_name(service, contract)
            found.setdefault(queue, []).append(name)
    return found
