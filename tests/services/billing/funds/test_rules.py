"""What is taken off which item."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from services.billing.funds.rules import sum_taken
from services.billing.settling.rules import choose_last


@dataclass(frozen=True)
class Allocated:
    item_id: str
    amount: int
    source: str = "policy"


PAID = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 500)), min_size=1, max_size=6)


@given(PAID, st.data())
def test_what_is_taken_off_items_comes_to_the_amount_and_to_no_more_than_each_was_paid(paid, data):
    allocations = [Allocated(item_id, amount) for item_id, amount in paid]
    amount = data.draw(st.integers(1, sum(each.amount for each in allocations)))
    taken = sum_taken(*choose_last(amount, allocations))
    assert sum(taken.values()) == amount
    for item_id, share in taken.items():
        assert 0 < share <= sum(one.amount for one in allocations if one.item_id == item_id)
