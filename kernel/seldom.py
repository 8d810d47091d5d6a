"""What happens again and again is told once in a while, with how often it was."""

from __future__ import annotations

from collections.abc import Hashable


class Seldom:
    """Counts each kind of what happens. The first of a kind is to be told at once, the next ones not
    before `seconds` have passed since one was told."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._seen: dict[
            Hashable, tuple[float, int]
        ] = {}  # until when not to tell, how many untold

    def count(self, kind: Hashable, now: float) -> int:
        """How many are to be told of, with the one that happens now; 0 where none is. `now` in seconds
        of any clock that does not go back."""
        quiet_until, untold = self._seen.get(kind, (now, 0))
        if now < quiet_until:
            self._seen[kind] = (quiet_until, untold + 1)
            return 0
        self._seen[kind] = (now + self._seconds, 0)
        return untold + 1
