"""Claims about how much overdue money an account is to be contacted about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.money import Money
from services.collections.contact_dues.rules import (
    Overdue,
    overdue_by_account,
    say_overdue,
    say_returned,
)
from services.collections.dunning.rules import Claim
from tests.services.collections.examples import open_item

DUE = date(2026, 3, 1)


def _claim(amount: int = 100, *, is_net_credit: bool = False, **differently: Any) -> Claim:
    return Claim(open_item(**{"due_date": DUE, **differently}), amount, is_net_credit)


@pytest.mark.parametrize(
    ("claim", "days", "is_due"),
    [
        (_claim(), 1, True),
        (_claim(), 0, False),  # today is not too late
        (_claim(amount=0), 9, False),
        (_claim(is_net_credit=True), 9, False),
        (_claim(hold_until=DUE + timedelta(days=30)), 9, False),
        (_claim(is_in_collections=True), 9, False),
        (_claim(is_account_known=False), 9, False),
    ],
)
def test_an_account_is_contacted_about_what_is_late_and_may_be_asked_for(
    claim: Claim, days: int, is_due: bool
) -> None:
    found = overdue_by_account([claim], on=DUE + timedelta(days=days))

    assert found == ({("acc_1", "EUR"): Overdue(100, DUE)} if is_due else {})


def test_amounts_add_up_and_the_oldest_day_is_told_by_account_and_currency() -> None:
    later = DUE + timedelta(days=3)
    claims = [
        _claim(due_date=later),
        _claim(amount=5),
        _claim(currency="USD", due_date=later),
        _claim(account_id="acc_2"),
    ]

    assert overdue_by_account(claims, on=later + timedelta(days=1)) == {
        ("acc_1", "EUR"): Overdue(105, DUE),
        ("acc_1", "USD"): Overdue(100, later),
        ("acc_2", "EUR"): Overdue(100, DUE),
    }


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            say_overdue(Money(11_900, "EUR"), oldest_due_date=DUE),
            "119.00 EUR is overdue; the oldest of it was due on 2026-03-01.",
        ),
        (
            say_returned(Money(100, "EUR"), reason="No contract."),
            "The hand-over of 1.00 EUR to collections came back: No contract.",
        ),
        (
            say_returned(Money(100, "EUR"), reason="No contract"),
            "The hand-over of 1.00 EUR to collections came back: No contract.",
        ),
    ],
)
def test_a_reason_to_contact_is_a_sentence(sentence: str, said: str) -> None:
    assert sentence == said
