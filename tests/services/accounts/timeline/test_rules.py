"""A timeline reads like a diary, whatever arrives, and knows what has not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.timeline.rules import done_by, missing_ranges, places_before


@pytest.mark.parametrize(
    ("sequences", "gaps"),
    [
        ([], []),
        ([1, 2, 3], []),
        ([3, 1, 2, 2], []),
        ([2], [(1, 1)]),
        ([1, 4, 5, 9], [(2, 3), (6, 8)]),
    ],
)
def test_gaps_are_what_lies_below_the_highest(
    sequences: list[int], gaps: list[tuple[int, int]]
) -> None:
    assert missing_ranges(sequences) == gaps


@given(st.sets(st.integers(1, 60)))
def test_what_is_there_and_what_is_missing_make_the_whole(sequences: set[int]) -> None:
    missing = {
        number
        for first, last in missing_ranges(list(sequences))
        for number in range(first, last + 1)
    }
    assert missing.isdisjoint(sequences)
    assert missing | sequences == set(range(1, max(sequences, default=0) + 1))


@given(st.sets(st.integers(1, 60)), st.integers(0, 60))
def test_what_is_known_to_be_complete_is_missed_no_more(
    sequences: set[int], complete_to: int
) -> None:
    whole = sequences | set(range(1, complete_to + 1))
    assert missing_ranges(list(sequences), complete_to=complete_to) == missing_ranges(list(whole))


def event(source: str, sequence: int) -> dict[str, object]:
    return {"account_id": "acc_1", "source": source, "sequence": sequence}


def test_before_each_event_comes_one_that_is_here_or_is_looked_for() -> None:
    together = [event("billing", 4), event("billing", 5), event("sales", 2), event("sales", 1)]
    assert places_before(together) == {("acc_1", "billing", 3)}


def test_what_has_no_number_or_is_the_first_has_none_before() -> None:
    assert places_before([event("billing", 0), event("sales", 1)]) == set()


@pytest.mark.parametrize(
    ("data", "person"),
    [
        ({"amount": 1, "recorded_by": "stf_1"}, "stf_1"),
        ({"completed_by": None, "waived_by": "key_1"}, "key_1"),
        ({"by": "stf_1", "objected_by": "billing", "answered_by": 7}, None),
        ({}, None),
    ],
)
def test_whose_deed_it_is_stands_in_the_event(data: dict[str, object], person: str | None) -> None:
    assert done_by(data) == person
