"""Claims about dunnable parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.collections.receivables.rules import askable, dunnable_parts


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


@pytest.mark.parametrize(
    ("balance", "disputed", "in_flight", "asked"),
    [(450, 130, 0, 320), (90, 0, 35, 55), (90, 0, 90, 0), (100, 80, 20, 0), (100, 120, 0, 0)],
)
def test_what_is_disputed_or_on_its_way_is_not_asked_for(
    balance: int, disputed: int, in_flight: int, asked: int
) -> None:
    assert askable(balance, disputed=disputed, in_flight=in_flight) == asked


@given(st.lists(st.integers(1, 10**9)), st.integers(0, 10**10))
def test_no_cent_of_credit_is_lost_or_made(balances: list[int], unapplied: int) -> None:
    parts = dunnable_parts(balances, unapplied=unapplied)

    assert sum(parts) == max(0, sum(balances) - unapplied)
    assert all(0 <= part <= balance for part, balance in zip(parts, balances, strict=True))
