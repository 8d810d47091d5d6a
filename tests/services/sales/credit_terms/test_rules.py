"""Claims about the credit check: each limit by itself, and none is not looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.accounts.rules import Standing
from services.sales.credit_terms.rules import (
    Credit,
    Group,
    Overdue,
    find_refusals,
    overdue_before,
)

TODAY = date(2026, 3, 10)
STANDING: dict[str, Any] = {
    "account_id": "acc_1",
    "number": "A-1",
    "status": "active",
    "currency": "EUR",
    "credit_limit": None,
    "open": 0,
    "unapplied": 0,
    "balance": 0,
    "open_orders": 0,
    "hold_reason": None,
}


def credit(*, overdue: Overdue | None = None, group: Group | None = None, **facts: Any) -> Credit:
    late = overdue or Overdue(0, None, 0)
    return Credit(Standing(**STANDING | facts), counts_drafts=False, overdue=late, group=group)


def codes(known: Credit, gross: int) -> list[str]:
    return [refusal.code for refusal in find_refusals(known, gross=gross)]


@pytest.mark.parametrize(
    ("days_late", "counts"), [(0, False), (3, False), (5, False), (6, True), (400, True)]
)
def test_what_is_late_by_no_more_than_five_days_counts_nothing(
    days_late: int, counts: bool
) -> None:
    due = TODAY - timedelta(days=days_late)
    assert (due < overdue_before(TODAY, days=5)) is counts


@pytest.mark.parametrize(
    ("amount", "limit", "found"),
    [
        (48000, 50000, []),
        (50000, 50000, []),
        (52000, 50000, ["overdue_limit_exceeded"]),
        (52000, None, []),
        (1, 0, ["overdue_limit_exceeded"]),
    ],
)
def test_overdue_may_reach_its_limit_and_not_exceed_it(
    amount: int, limit: int | None, found: list[str]
) -> None:
    assert codes(credit(overdue=Overdue(amount, limit, 5)), gross=100) == found


@pytest.mark.parametrize(
    ("own", "group", "gross", "found"),
    [
        (1000, 5000, 300, []),
        (1000, 5000, 301, ["credit_limit_exceeded"]),
        (None, 5000, 600, []),
        (None, 5000, 601, ["group_limit_exceeded"]),
        (1000, 4500, 301, ["credit_limit_exceeded", "group_limit_exceeded"]),
        (1000, 4000, 1, ["group_limit_exceeded"]),
        (1000, 4400, 0, []),
        (1000, 4399, 0, ["group_limit_exceeded"]),
    ],
)
def test_a_child_is_checked_by_its_own_limit_and_by_its_groups(
    own: int | None, group: int, gross: int, found: list[str]
) -> None:
    known = credit(credit_limit=own, balance=700, group=Group("acc_2", "A-2", group, 4400))
    assert codes(known, gross) == found


@given(
    st.tuples(*[st.integers(-1000, 1000)] * 3),
    st.tuples(*[st.one_of(st.none(), st.integers(0, 1000))] * 3),
    st.integers(-10, 2000),
)
def test_each_limit_speaks_by_itself(
    sums: tuple[int, int, int], limits: tuple[int | None, int | None, int | None], gross: int
) -> None:
    owed, shared, late = sums
    own_limit, group_limit, overdue_limit = limits

    def of(*, own: bool, group: bool, overdue: bool) -> Credit:
        return credit(
            balance=owed,
            credit_limit=own_limit if own else None,
            group=Group("acc_2", "A-2", group_limit, shared)
            if group and group_limit is not None
            else None,
            overdue=Overdue(late, overdue_limit if overdue else None, 0),
        )

    alone = [
        *codes(of(own=True, group=False, overdue=False), gross),
        *codes(of(own=False, group=True, overdue=False), gross),
        *codes(of(own=False, group=False, overdue=True), gross),
    ]
    assert codes(of(own=True, group=True, overdue=True), gross) == alone
