"""What becomes of a contested amount."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict
from services.billing.disputes.rules import divide, in_turns, require_within_dispute

AMOUNT = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("contested", "earlier", "disputed", "credited", "parts"),
    [
        (13000, 0, 13000, 0, (13000, 0, 0, 0)),
        (13000, 0, 5000, 0, (5000, 8000, 0, 0)),  # paid of it what is not owed any more
        (13000, 4000, 14000, 0, (10000, 3000, 0, 0)),  # one before it holds the first 40.00
        (13000, 4000, 3000, 0, (0, 13000, 0, 0)),
        (0, 0, 0, 8000, (0, 0, 8000, 5000)),  # partly upheld
        (0, 0, 0, 13000, (0, 0, 13000, 0)),
        (0, 0, 0, 0, (0, 0, 0, 13000)),  # rejected
        (5000, 0, 5000, 8000, (5000, 0, 8000, 0)),  # reopened
    ],
)
def test_a_contested_amount_is_what_became_of_it(contested, earlier, disputed, credited, parts):
    found = divide(
        13000, contested=contested, earlier=earlier, disputed=disputed, credited=credited
    )
    assert astuple(found) == parts


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_the_parts_add_up_whatever_is_told(amount, contested, earlier, disputed, credited):
    found = divide(
        amount, contested=contested, earlier=earlier, disputed=disputed, credited=credited
    )
    assert sum(astuple(found)) == amount
    assert min(astuple(found)) >= 0


def test_no_more_is_upheld_than_was_contested():
    require_within_dispute(13000, amount=13000, currency="EUR")
    with pytest.raises(Conflict) as refused:
        require_within_dispute(13001, amount=13000, currency="EUR")
    assert refused.value.code == "more_than_disputed"


def test_decisions_are_answered_together_but_those_of_one_dispute_and_what_follows_in_its_account():
    decided = [
        {"account_id": account, "dispute_id": dispute}
        for account, dispute in ["a1", "a2", "a1", "a3", "a1", "b4", "b5", "b4"]
    ]
    turns = [[one["dispute_id"] for one in turn] for turn in in_turns(decided)]
    assert turns == [["1", "2", "4", "5"], ["1", "3", "4"], ["1"]]
