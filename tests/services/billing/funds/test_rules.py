"""Which allocations are taken back first, and off which items."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.funds.rules import choose_last, sum_taken


@dataclass(frozen=True)
class Allocated:
    item_id: str
    amount: int
    source: str = "policy"


@pytest.mark.parametrize(
    ("amount", "chosen", "rest"),
    [(0, "", 0), (300, "c", 0), (100, "c", 200), (301, "bc", 199), (500, "bc", 0), (600, "abc", 0)],
)
def test_what_was_paid_last_is_taken_back_first(amount, chosen, rest):
    allocations = [Allocated("a", 100), Allocated("b", 200), Allocated("c", 300)]
    found, more = choose_last(amount, allocations)
    assert ("".join(each.item_id for each in found), max(0, more)) == (chosen, rest)


PAID = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 500)), min_size=1, max_size=6)


@given(PAID, st.data())
def test_what_is_taken_off_items_comes_to_the_amount_and_to_no_more_than_each_was_paid(paid, data):
    allocations = [Allocated(item_id, amount) for item_id, amount in paid]
    amount = data.draw(st.integers(1, sum(each.amount for each in allocations)))
    taken = sum_taken(*choose_last(amount, allocations))
    assert sum(taken.values()) == amount
    for item_id, share in taken.items():
        assert 0 < share <= sum(one.amount for one in allocations if one.item_id == item_id)
