"""Where the till dies or fails on purpose, as the `plan` of a taking says.

A process dies with SIGKILL, once per event and place; files in TILL_FOLDER remember what has happened,
for all replicas. Lines in its file `repeated` name the events that came again after they were done.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import eventlet

from chassis.doors import events as events_in
from chassis.wire.listener import Listener
from chassis.wire.publisher import Publisher

FOLDER = Path(os.environ.get("TILL_FOLDER", "."))
RELAY_DEATHS = FOLDER / "relay-deaths"
BROKEN = FOLDER / "broken"

_doomed: dict[Any, tuple[str, str]] = {}


def die_once(place: str, key: str) -> None:
    """Die, unless some process has died here of this before."""
    try:
        os.close(os.open(FOLDER / f"died-{place}-{key}", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def doom(place: str, key: str) -> None:
    """Let this greenthread die when it comes to the place `after-commit` or `after-ack`."""
    _doomed[eventlet.getcurrent()] = (place, key)


def leave_trace(name: str, line: str) -> None:
    """Add a line to a file that the test reads."""
    with open(FOLDER / name, "a") as file:
        file.write(line + "\n")


def install() -> None:
    """Put the places where a doomed process dies round the chassis' own functions."""
    perform_events, done, publish = events_in.perform_events, Listener.done, Publisher.publish

    def perform_and_die(*arguments: Any) -> set[tuple[str, str]]:
        new = perform_events(*arguments)
        left = set(new)
        for event, handlers in arguments[-1]:
            for handler in handlers:
                if (event.event_id, handler) not in left:
                    leave_trace("repeated", event.event_id)
                left.discard((event.event_id, handler))
        _die_if_doomed("after-commit")
        return new

    def done_and_die(listener: Listener, *messages: Any, replies: Any = ()) -> None:
        if replies:
            _die_if_doomed("before-reply")
        done(listener, *messages, replies=replies)
        _die_if_doomed("after-ack")

    def publish_and_die(publisher: Publisher, messages: Any) -> set[str]:
        unroutable = publish(publisher, messages)
        is_relay = bool(messages) and messages[0].exchange == "till.events"
        if is_relay and RELAY_DEATHS.exists():
            _take_relay_death()
        return unroutable

    events_in.perform_events = perform_and_die
    Listener.done = done_and_die  # type: ignore[method-assign]
    Publisher.publish = publish_and_die  # type: ignore[method-assign]


def _die_if_doomed(place: str) -> None:
    where, key = _doomed.get(eventlet.getcurrent(), ("", ""))
    if where == place:
        die_once(place, key)


def _take_relay_death() -> None:
    for death in RELAY_DEATHS.iterdir():
        try:
            death.unlink()
        except FileNotFoundError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)
