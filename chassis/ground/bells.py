"""Bells: what this process has done wakes who waits for it, so that nobody has to look all the time."""

from __future__ import annotations

import eventlet
from eventlet.event import Event as Signal


class Bell:
    """Rung after a commit. Other replicas do not hear it: who waits also looks from time to time."""

    def __init__(self) -> None:
        self._rung = Signal()

    def ring(self) -> None:
        """Wake who waits, or who will wait next."""
        if not self._rung.ready():
            self._rung.send()

    def wait(self, seconds: float) -> None:
        """Wait until it is rung, or has been since it was last waited for; at most so long."""
        rung = self._rung
        with eventlet.Timeout(seconds, False):  # noqa: FBT003
            rung.wait()
        if self._rung is rung and rung.ready():
            self._rung = Signal()


ANNOUNCED = Bell()  # events are in the outbox
PUBLISHED = Bell()  # events are at the broker
HANDLED = Bell()  # events were handled
INTRODUCED = Bell()  # somebody is to be told how things are
SCHEDULED = Bell()  # due times were scheduled, moved or dropped
