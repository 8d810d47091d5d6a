"""Claims about workers: every job is done, by no more workers than were needed at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import eventlet
from eventlet.event import Event
from hypothesis import given
from hypothesis import strategies as st

from chassis.doors.lanes import Lane
from chassis.doors.workers import Workers


class Shop:
    """Jobs that wait, so often as each says, in a lane for some at once."""

    def __init__(self, at_once: int) -> None:
        self.spawned: list[Any] = []
        self.done: list[int] = []
        self.workers = Workers(lambda work: self.spawned.append(eventlet.spawn(work)))
        self.lane: Lane[tuple[int, int]] = Lane(at_once, self._begin)

    def _begin(self, items: Sequence[tuple[int, int]], ended: Callable[[], None]) -> None:
        def job() -> None:
            [(number, waits)] = items
            for _ in range(waits):
                eventlet.sleep(0)
            self.done.append(number)

        self.workers.do(job, ended)

    def close(self) -> None:
        for worker in self.spawned:
            worker.kill()


@given(at_once=st.integers(1, 3), waits=st.lists(st.integers(0, 3), max_size=12), data=st.data())
def test_every_job_is_done_once_by_as_few_as_may_work_at_once(
    at_once: int, waits: list[int], data: st.DataObject
) -> None:
    shop = Shop(at_once)
    for number, times in enumerate(waits):
        shop.lane.take((number, times))
        for _ in range(data.draw(st.integers(0, 2))):
            eventlet.sleep(0)
    for _ in range(100):
        eventlet.sleep(0)
    assert sorted(shop.done) == list(range(len(waits)))
    assert len(shop.spawned) <= at_once
    shop.close()


def test_a_job_that_fails_takes_no_other_with_it() -> None:
    shop = Shop(at_once=2)
    shop.workers.do(lambda: 1 / 0, lambda: None)  # type: ignore[arg-type, return-value]
    ended = Event()
    shop.workers.do(lambda: None, lambda: ended.send(None))
    assert ended.wait(5) is None
    shop.close()
