"""An account is closed when all who must agree do, in whatever order; one objection is enough."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date

import pytest

from kernel.money import Money
from kernel.refusals import Conflict
from services.accounts.closings.rules import (
    MUST_AGREE,
    ClosingAction,
    ClosingStatus,
    judge,
    left_open,
    move_closing,
    require_settled,
    waits_for,
)


@pytest.mark.parametrize(
    ("answers", "action"),
    [
        ({}, ClosingAction.AGREE),
        ({"billing": True}, ClosingAction.AGREE),
        ({"sales": True}, ClosingAction.AGREE),
        ({"billing": True, "sales": True}, ClosingAction.CLOSE),
        ({"billing": False}, ClosingAction.REFUSE),
        ({"sales": False}, ClosingAction.REFUSE),
        ({"billing": True, "sales": False}, ClosingAction.REFUSE),
        ({"billing": False, "sales": False}, ClosingAction.REFUSE),
    ],
)
def test_all_must_agree_and_one_objection_is_enough(
    answers: dict[str, bool], action: ClosingAction
) -> None:
    for order in itertools.permutations(answers.items()):
        assert judge(dict(order)) == action


@pytest.mark.parametrize("action", ClosingAction)
def test_what_is_decided_stays_decided(action: ClosingAction) -> None:
    assert move_closing(ClosingStatus.ASKED, action) in ClosingStatus
    for status in (ClosingStatus.CLOSED, ClosingStatus.REFUSED, ClosingStatus.WITHDRAWN):
        with pytest.raises(KeyError):
            move_closing(status, action)


def test_a_closing_waits_for_those_who_have_not_answered() -> None:
    assert waits_for([]) == list(MUST_AGREE)
    assert waits_for(["billing"]) == ["sales"]
    assert waits_for(MUST_AGREE) == []


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("balances", "code", "says"),
    [
        ([], None, ""),
        ([(eur(0), eur(0))], None, ""),
        ([(eur(123450), eur(0))], "balance_open", "1,234.50 EUR"),
        ([(eur(0), eur(990))], "money_unapplied", "9.90 EUR"),
        # Open and unapplied may cancel out, and still both wait for somebody.
        ([(eur(500), eur(500))], "balance_open", "5.00 EUR"),
        ([(eur(100), eur(0)), (Money(7, "JPY"), Money(0, "JPY"))], "balance_open", "7 JPY"),
    ],
)
def test_an_account_is_closed_only_when_nothing_is_open(
    balances: list[tuple[Money, Money]], code: str | None, says: str
) -> None:
    if code is None:
        require_settled("A-1", balances)
    else:
        with pytest.raises(Conflict, match=says) as refusal:
            require_settled("A-1", balances)
        assert refusal.value.code == code


@dataclass(frozen=True)
class Owed:
    currency: str
    open: int
    unapplied: int


def test_what_is_left_of_an_account_is_said_for_each_currency() -> None:
    balances = [Owed("EUR", 5000, 0), Owed("USD", 0, 990), Owed("JPY", 7, 3), Owed("GBP", 0, 0)]
    dues = left_open("acc_1", balances, today=date(2026, 1, 5))
    assert [(due.about, str(due.amount)) for due in dues] == [
        ("EUR", "50.00 EUR"),
        ("USD", "9.90 USD"),
        ("JPY", "7 JPY"),
    ]
    assert dues[2].sentence == (
        "The account is closed with 7 JPY open and 3 JPY unapplied; settle that, or reopen the account."
    )
