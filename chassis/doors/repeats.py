"""Calls that come once more as they were: the broker may give one out again, nobody may send it again.

The gateway vouches for each sending of a call under a new id, also for the second of one whose connection
broke. So an id that comes again, and is not marked by the broker as given out before, is somebody's copy.
"""

from __future__ import annotations

from collections import deque

REMEMBERED_MAX = 20_000


class Repeats:
    """The calls that were here and whose time is not up; at most so many, the latest."""

    def __init__(self, remembered_max: int = REMEMBERED_MAX) -> None:
        self._max = remembered_max
        self._known: set[str] = set()
        self._order: deque[tuple[str, float]] = deque()

    def note(self, call_id: str, deadline: float, now: float) -> bool:
        """Remember a call until its deadline (both in Unix seconds); whether it was known."""
        if call_id in self._known:
            return True
        self._known.add(call_id)
        self._order.append((call_id, deadline))
        while self._order and (self._order[0][1] < now or len(self._order) > self._max):
            self._known.discard(self._order.popleft()[0])
        return False
