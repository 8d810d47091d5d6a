"""Claims about placements: every state and move, what is ripe, and what goes into the package."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from kernel.refusals import Conflict
from services.collections.dunning.rules import Claim
from services.collections.placements.rules import (
    STANDING,
    PlacementAction,
    PlacementStatus,
    by_debt,
    move_placement,
    pack,
    ripe_claims,
)
from services.collections.procedures.rules import Level
from tests.services.collections.examples import open_item

DUE = date(2026, 3, 1)
LEVELS = (Level(1, "First", 5, "post", False, {}), Level(2, "Final", 20, "post", True, {}))

MOVES = {
    ("proposed", "accept"): "in_collections",
    ("proposed", "return"): "returned",
    ("proposed", "cure"): "cured",
    ("proposed", "withdraw"): "withdrawn",
    ("returned", "propose"): "proposed",
    ("returned", "cure"): "cured",
    ("returned", "withdraw"): "withdrawn",
    ("in_collections", "cure"): "cured",
    ("in_collections", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(("status", "action"), list(product(PlacementStatus, PlacementAction)))
def test_a_placement_moves_as_the_table_says_or_is_refused(
    status: PlacementStatus, action: PlacementAction
) -> None:
    if (status, action) in MOVES:
        assert move_placement(status, action) == MOVES[status, action]
        return
    with pytest.raises(Conflict, match=f"The placement is {status}; one can {action}") as refused:
        move_placement(status, action)
    assert (refused.value.code, refused.value.facts) == ("placement_state", {"state": status})


def test_a_refusal_says_when_it_would_be_possible() -> None:
    with pytest.raises(
        Conflict, match=r"one can withdraw only what is proposed or returned or in_"
    ):
        move_placement(PlacementStatus.CURED, PlacementAction.WITHDRAW)


def test_a_placement_stands_while_it_can_move() -> None:
    assert set(STANDING) == {"proposed", "returned", "in_collections"}


def _claim(amount: int = 100, **differently: Any) -> Claim:
    facts = {"due_date": DUE, "last_level": 2, "last_sent_on": DUE + timedelta(days=20)}
    return Claim(open_item(**{**facts, **differently}), amount, is_net_credit=False)


@pytest.mark.parametrize(
    ("claim", "days", "is_ripe"),
    [
        (_claim(), 59, False),
        (_claim(), 60, True),
        (_claim(days_frozen=3), 62, False),
        (_claim(days_frozen=3), 63, True),
        (_claim(last_level=1), 99, False),
        (_claim(last_level=3), 60, True),  # the procedure had more levels once
        (_claim(last_sent_on=None), 99, False),  # the letter is on its way
        (_claim(last_level=None, last_sent_on=None), 99, False),
        (_claim(amount=0), 99, False),
        (_claim(hold_until=DUE + timedelta(days=200)), 99, False),
        (_claim(is_in_collections=True), 99, False),
    ],
)
def test_what_got_its_last_letter_and_is_late_enough_is_ripe(
    claim: Claim, days: int, is_ripe: bool
) -> None:
    found = ripe_claims([claim], levels=LEVELS, hand_over_days=60, on=DUE + timedelta(days=days))

    assert found == ([claim] if is_ripe else [])


def test_nothing_is_ripe_where_no_letters_are_sent() -> None:
    assert ripe_claims([_claim()], levels=(), hand_over_days=1, on=date.max) == []


@pytest.mark.parametrize("due", [date.min, date.max])
def test_no_due_date_is_beyond_the_calendar(due: date) -> None:
    on = DUE + timedelta(days=99)
    ripe = ripe_claims([_claim(due_date=due)], levels=LEVELS, hand_over_days=3650, on=on)

    assert bool(ripe) is (due == date.min)


def test_a_debt_is_an_account_and_a_currency() -> None:
    a, b = _claim(item_id="a"), _claim(item_id="b")
    c, d = _claim(item_id="c", currency="USD"), _claim(item_id="d", account_id="acc_2")

    assert by_debt([a, c, b, d]) == {
        ("acc_1", "EUR"): [a, b],
        ("acc_1", "USD"): [c],
        ("acc_2", "EUR"): [d],
    }


def test_a_package_says_all_that_collections_needs() -> None:
    claims = [_claim(item_id="a", amount=70), _claim(item_id="b", amount=30)]
    account, notices = {"name": "Brown"}, [{"notice_id": "dnt_1"}]

    package = pack(claims, account=account, notices=notices, on=DUE + timedelta(days=60))

    assert package == {
        "packed_on": "2026-04-30",
        "account": account,
        "items": [
            {
                "item_id": item_id,
                "invoice_number": "R-1",
                "due_date": "2026-03-01",
                "days_overdue": 60,
                "invoiced": 100,
                "amount": amount,
            }
            for item_id, amount in [("a", 70), ("b", 30)]
        ],
        "notices": notices,
        "amount": 100,
        "currency": "EUR",
    }
