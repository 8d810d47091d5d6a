"""Claims about what is told once in a while: nothing new is held back, and nothing goes uncounted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kernel.seldom import Seldom


def test_the_first_is_told_at_once_then_all_of_a_while_together() -> None:
    seldom = Seldom(30)
    moments = (0, 1, 29, 30, 31, 90)
    assert [seldom.count("away", now) for now in moments] == [1, 0, 0, 3, 0, 2]


def test_each_kind_is_told_by_itself() -> None:
    seldom = Seldom(30)
    assert [seldom.count(kind, 0) for kind in ("a", "b", ("a", 1), "a")] == [1, 1, 1, 0]


@given(st.lists(st.floats(0, 100), max_size=50))
def test_none_is_told_twice_or_lost(waits: list[float]) -> None:
    seldom, now, told = Seldom(30), 0.0, 0
    for wait in waits:
        now += wait
        told += seldom.count("away", now)
    assert told + seldom.count("away", now + 30) == len(waits) + 1
