"""What is taken back, and what of a discount is turned round."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.settling.rules import choose_last, discount_to_turn


class Allocated(NamedTuple):
    item_id: str
    amount: int


@pytest.mark.parametrize(
    ("amount", "chosen", "rest"),
    [(0, "", 0), (300, "c", 0), (100, "c", 200), (301, "bc", 199), (500, "bc", 0), (600, "abc", 0)],
)
def test_what_was_paid_last_is_taken_back_first(amount, chosen, rest):
    allocations = [Allocated("a", 100), Allocated("b", 200), Allocated("c", 300)]
    found, more = choose_last(amount, allocations)
    assert ("".join(each.item_id for each in found), max(0, more)) == (chosen, rest)


@pytest.mark.parametrize(
    ("amount", "owed", "left", "given", "turned"),
    [
        (80000, 0, 80000, 2400, 2400),
        (40000, 0, 80000, 2400, 1200),
        (40000, 0, 40000, 1200, 1200),  # the other half
        (38763, 38763, 80000, 1237, 0),  # what is owed is credited first
        (80000, 38763, 80000, 1237, 1237),
        (1, 0, 3, 1, 0),
        (2, 0, 3, 1, 1),
        (100, 0, 100, 0, 0),
    ],
)
def test_of_a_discount_is_turned_round_what_belongs_to_what_is_credited(
    amount, owed, left, given, turned
):
    assert discount_to_turn(amount, owed=owed, left=left, given=given) == turned


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.lists(st.integers(1, 10**6), max_size=6))
def test_crediting_all_in_parts_turns_all_of_it_round_and_never_more(paid, discount, notes):
    left, given = paid + discount, discount
    for note in [*notes, 10**9]:
        amount = min(note, left)
        if not amount:
            break
        turned = discount_to_turn(amount, owed=0, left=left, given=given)
        assert 0 <= turned <= min(amount, given)
        left, given = left - amount, given - turned
    assert (left, given) == (0, 0)
