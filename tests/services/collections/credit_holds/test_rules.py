"""Claims about credit holds: what is unheeded, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from services.collections.credit_holds.rules import (
    MOVES,
    CreditHoldAction,
    CreditHoldStatus,
    choose_actions,
    lifted_version,
    placed_version,
    reason_to_hold,
    unheeded,
)
from services.collections.dunning.rules import Claim
from tests.services.collections.examples import open_item

DUE = date(2026, 3, 1)


def _claim(amount: int = 100, **differently: Any) -> Claim:
    return Claim(open_item(due_date=DUE, **differently), amount, is_net_credit=False)


@pytest.mark.parametrize(
    ("claim", "days", "is_owed"),
    [
        (_claim(), 1, True),
        (_claim(), 0, False),  # not late yet
        (_claim(amount=0), 9, False),  # covered by credit
        (_claim(amount=1), 9, True),
        (_claim(hold_until=DUE + timedelta(days=30)), 9, False),
        (_claim(is_in_collections=True), 9, True),
        (_claim(item_id="itm_2"), 9, False),  # nobody was warned about it
    ],
)
def test_what_was_warned_about_is_unheeded_while_it_is_owed(
    claim: Claim, days: int, is_owed: bool
) -> None:
    owed = unheeded([claim], warned={"itm_1"}, on=DUE + timedelta(days=days))

    assert owed == ({"acc_1": {"EUR": claim.amount}} if is_owed else {})


def test_what_is_unheeded_adds_up_by_account_and_currency() -> None:
    claims = [
        _claim(item_id="a"),
        _claim(item_id="b", amount=5),
        _claim(item_id="c", currency="USD"),
        _claim(item_id="d", account_id="acc_2"),
    ]

    owed = unheeded(claims, warned={"a", "b", "c", "d"}, on=DUE + timedelta(days=9))
    assert owed == {"acc_1": {"EUR": 105, "USD": 100}, "acc_2": {"EUR": 100}}


def test_the_reason_names_every_currency_in_order() -> None:
    reason = reason_to_hold({"USD": 123_456, "EUR": 5})

    assert reason == "A notice that holds orders is unheeded: 0.05 EUR, 1,234.56 USD overdue."


@pytest.mark.parametrize(
    ("is_owed", "is_standing", "action"),
    [
        (True, False, CreditHoldAction.PLACE),
        (False, True, CreditHoldAction.LIFT),
        (True, True, None),
        (False, False, None),
    ],
)
def test_a_hold_stands_exactly_while_something_is_owed(
    is_owed: bool, is_standing: bool, action: CreditHoldAction | None
) -> None:
    accounts = ["acc_2", "acc_1"]
    chosen = choose_actions(
        owed=accounts if is_owed else [], standing=accounts if is_standing else []
    )

    assert chosen == {each: sorted(accounts) * (each is action) for each in CreditHoldAction}


@pytest.mark.parametrize(("status", "action"), list(product(CreditHoldStatus, CreditHoldAction)))
def test_a_hold_is_placed_once_and_lifted_once(
    status: CreditHoldStatus, action: CreditHoldAction
) -> None:
    possible = {("lifted", "place"): "standing", ("standing", "lift"): "lifted"}

    assert MOVES[status].get(action) == possible.get((status, action))


def test_placing_and_lifting_are_a_change_each() -> None:
    versions = [version(n) for n in (1, 2, 3) for version in (placed_version, lifted_version)]

    assert versions == [1, 2, 3, 4, 5, 6]
