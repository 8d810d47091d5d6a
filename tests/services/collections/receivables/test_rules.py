"""Claims about dunnable parts and snapshots."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.collections.receivables.rules import dunnable_parts, newest, reading_order


@pytest.mark.parametrize(
    ("balances", "unapplied", "parts"),
    [
        ([100, 50], 0, [100, 50]),
        ([100, 50], 30, [70, 50]),  # the oldest first
        ([100, 50], 100, [0, 50]),
        ([100, 50], 120, [0, 30]),
        ([100, 50], 150, [0, 0]),  # net credit
        ([100, 50], 999, [0, 0]),
        ([100, 50], -20, [100, 50]),  # a debit balance is no credit
        ([], 10, []),
    ],
)
def test_credit_covers_the_oldest_items_first(
    balances: list[int], unapplied: int, parts: list[int]
) -> None:
    assert dunnable_parts(balances, unapplied=unapplied) == parts


@given(st.lists(st.integers(1, 10**9)), st.integers(0, 10**10))
def test_no_cent_of_credit_is_lost_or_made(balances: list[int], unapplied: int) -> None:
    parts = dunnable_parts(balances, unapplied=unapplied)

    assert sum(parts) == max(0, sum(balances) - unapplied)
    assert all(0 <= part <= balance for part, balance in zip(parts, balances, strict=True))


def test_of_several_snapshots_of_an_item_the_newest_counts() -> None:
    first, second = {"item_id": "a", "version": 1}, {"item_id": "a", "version": 2}
    other = {"item_id": "b", "version": 1}

    assert newest([second, other, first]) == [second, other]


@pytest.mark.parametrize(
    ("given_items", "in_order"),
    [
        ([("R-1", 31), ("R-2", 1)], ["R-2", "R-1"]),
        ([("R-10", 1), ("R-9", 1)], ["R-9", "R-10"]),
        ([("2026-000124", 1), ("2026-000123", 1)], ["2026-000123", "2026-000124"]),
        ([("B-1", 1), ("A-2", 1), ("7", 1)], ["A-2", "B-1", "7"]),
    ],
)
def test_items_are_read_by_their_due_dates_and_then_by_their_numbers(
    given_items: list[tuple[str, int]], in_order: list[str]
) -> None:
    ordered = sorted(given_items, key=lambda item: reading_order(date(2026, 1, item[1]), item[0]))

    assert [number for number, _ in ordered] == in_order


@given(st.lists(st.text(max_size=8), max_size=6), st.randoms())
def test_the_order_of_items_does_not_depend_on_how_they_come(
    numbers: list[str], random: Any
) -> None:
    def in_order(some: list[str]) -> list[str]:
        return sorted(some, key=lambda number: reading_order(date(2026, 1, 1), number))

    shuffled = random.sample(numbers, k=len(numbers))
    assert in_order(shuffled) == in_order(numbers)
