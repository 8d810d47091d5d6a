"""Lanes: what comes in is begun in its order, a bounded number at once; the rest waits its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Lane(Generic[Item]):
    """`begin(items, ended)` begins a piece of work, and sees to it that `ended()` is called after it. A
    piece is one item, or as many as wait, at most `together`: nothing waits for others to come."""

    def __init__(
        self,
        at_once: int,
        begin: Callable[[Sequence[Item], Callable[[], None]], None],
        together: int = 1,
    ) -> None:
        self._at_once = at_once
        self._begin = begin
        self._together = together
        self._under_way = 0
        self._waiting: deque[Item] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    def take(self, item: Item) -> None:
        """Begin with it, now or when it is its turn."""
        self._waiting.append(item)
        self._begin_next()

    def forget(self) -> list[Item]:
        """What waits, which is not begun any more."""
        waiting = list(self._waiting)
        self._waiting.clear()
        return waiting

    def _begin_next(self) -> None:
        while self._waiting and self._under_way < self._at_once:
            count = min(len(self._waiting), self._together)
            self._under_way += 1
            self._begin([self._waiting.popleft() for _ in range(count)], self._ended)

    def _ended(self) -> None:
        self._under_way -= 1
        self._begin_next()
