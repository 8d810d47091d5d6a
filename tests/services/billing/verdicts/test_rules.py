"""What stops a bill, and what is usual."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.verdicts.rules import (
    BillAction,
    Facts,
    Limits,
    Reason,
    changed,
    draft_refused,
    is_unusual,
    judge,
    refused,
    usual_of,
)

A = BillAction
LIMITS = Limits(lines_max=100, ratio_max=Decimal(5))
FACTS = Facts(
    currency="EUR",
    account_number="A-1",
    account_status="active",
    lines=3,
    total=11900,
    usual=10000,
    lacks_order_number=False,
)


@pytest.mark.parametrize(
    ("facts", "action", "reason"),
    [
        ({}, A.INVOICE, None),
        ({"usual": None, "total": 10**9}, A.INVOICE, None),
        ({"account_status": "held"}, A.INVOICE, None),
        ({"lines": 0, "total": 0}, A.LEAVE, Reason.NOTHING_PENDING),
        ({"total": 0}, A.LEAVE, Reason.BELOW_NOTHING),
        ({"total": -1, "account_status": "closed"}, A.LEAVE, Reason.BELOW_NOTHING),
        ({"account_status": None}, A.PARK, Reason.ACCOUNT_UNKNOWN),
        ({"account_status": "closing"}, A.PARK, Reason.ACCOUNT_CLOSING),
        ({"account_status": "closed"}, A.PARK, Reason.ACCOUNT_CLOSED),
        ({"lacks_order_number": True}, A.PARK, Reason.ORDER_NUMBER_MISSING),
        ({"lacks_address": True}, A.PARK, Reason.NO_ADDRESS),
        ({"lines": 100}, A.INVOICE, None),
        ({"lines": 101}, A.PARK, Reason.TOO_MANY_LINES),
        ({"total": 50000}, A.INVOICE, None),
        ({"total": 50001}, A.PARK, Reason.AMOUNT_UNUSUAL),
        ({"total": 2000}, A.INVOICE, None),
        ({"total": 1999}, A.PARK, Reason.AMOUNT_UNUSUAL),
    ],
)
def test_what_stops_a_bill(facts: dict[str, Any], action: BillAction, reason: Any) -> None:
    verdict = judge(replace(FACTS, **facts), LIMITS)
    assert (verdict.action, verdict.reason) == (action, reason)
    assert (verdict.detail is None) is (reason is None)


@pytest.mark.parametrize(
    ("facts", "action"),
    [
        ({"lines": 101}, A.INVOICE),
        ({"total": 50001}, A.INVOICE),
        ({"lacks_order_number": True}, A.PARK),
        ({"account_status": "closed"}, A.PARK),
        ({"lacks_address": True}, A.PARK),
        ({"total": -1}, A.LEAVE),
    ],
)
def test_a_person_accepts_lines_and_amount_and_nothing_else(
    facts: dict[str, Any], action: BillAction
) -> None:
    assert judge(replace(FACTS, is_accepted=True, **facts), LIMITS).action is action


def test_what_could_not_be_billed_says_why() -> None:
    assert refused("the account has no room").detail == (
        "It could not be billed: the account has no room."
    )
    assert draft_refused("the account is closed").detail == (
        "It could not be issued: the account is closed."
    )
    assert (changed(5, foreseen=7, currency="EUR").detail or "").startswith(
        "It comes to 0.05 EUR now, foreseen was 0.07 EUR"
    )


@pytest.mark.parametrize(
    ("totals", "usual"),
    [([], None), ([100, 100], None), ([100, 101, 101, 100], 101), ([1, 1, 2], 1)],
)
def test_usual_is_the_average_half_up(totals: list[int], usual: int | None) -> None:
    assert usual_of(totals) == usual


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(1, 50))
def test_what_is_unusual_one_way_is_so_the_other(total: int, usual: int, ratio: int) -> None:
    limit = Decimal(ratio)
    assert is_unusual(total, usual=usual, ratio_max=limit) == is_unusual(
        usual, usual=total, ratio_max=limit
    )
    assert not is_unusual(total, usual=total, ratio_max=limit)
