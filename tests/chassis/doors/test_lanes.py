"""Claims about lanes: no more at once than is said, each in its turn, none forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from chassis.doors.lanes import Lane


class Work:
    """Begins what it is given, and ends it when it is told to."""

    def __init__(self, at_once: int, together: int = 1) -> None:
        self.begun: list[int] = []
        self.pieces: list[int] = []
        self.under_way: list[Callable[[], None]] = []
        self.lane: Lane[int] = Lane(at_once, self._begin, together)

    def _begin(self, items: Sequence[int], ended: Callable[[], None]) -> None:
        self.begun.extend(items)
        self.pieces.append(len(items))
        self.under_way.append(ended)

    def end(self, place: int) -> None:
        self.under_way.pop(place)()


@given(st.integers(1, 4), st.integers(1, 3), st.lists(st.integers(0, 5)))
def test_each_is_begun_once_in_its_turn_and_never_too_many(
    at_once: int, together: int, steps: list[int]
) -> None:
    work = Work(at_once, together)
    taken = 0
    for step in steps:
        if step and work.under_way:
            work.end(step % len(work.under_way))
        else:
            work.lane.take(taken)
            taken += 1
        assert len(work.under_way) <= at_once
        assert all(1 <= size <= together for size in work.pieces)
        assert len(work.under_way) == at_once or work.lane.waiting == 0
    while work.under_way:
        work.end(0)
    assert work.begun == list(range(taken))


def test_nothing_waits_for_company_and_what_waits_is_begun_together() -> None:
    work = Work(at_once=1, together=3)
    for item in range(6):
        work.lane.take(item)
    for _ in range(3):
        work.end(0)
    assert work.pieces == [1, 3, 2]


def test_what_is_forgotten_is_not_begun_and_what_is_begun_is_not_forgotten() -> None:
    work = Work(at_once=1)
    for item in range(3):
        work.lane.take(item)
    assert work.lane.forget() == [1, 2]
    work.end(0)
    work.lane.take(3)
    assert work.begun == [0, 3]
