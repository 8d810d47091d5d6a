"""How an amount is shared out among items that come oldest due first."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.items.rules import ItemKind
from services.billing.policies.rules import AllocationPolicy, share_out


class Item(NamedTuple):
    kind: str
    owed: int


def shared(policy: str, amount: int, *items: tuple[str, int]) -> list[tuple[str, int]]:
    owed = [Item(*item) for item in items]
    shares = share_out(AllocationPolicy(policy), amount, owed, most=lambda item: item.owed)
    return [(item.kind, share) for item, share in shares]


OWED = (("invoice", 18000), ("invoice", 42000), ("fee", 1500), ("interest", 460), ("letter", 300))


@pytest.mark.parametrize(
    ("policy", "amount", "shares"),
    [
        ("oldest_due", 50000, [("invoice", 18000), ("invoice", 32000)]),
        (
            "by_type",
            50000,
            [
                *(("fee", 1500), ("letter", 300), ("interest", 460)),
                *(("invoice", 18000), ("invoice", 29740)),
            ],
        ),
        ("by_type", 1600, [("fee", 1500), ("letter", 100)]),
        ("costs_interest_principal", 1700, [("fee", 1500), ("letter", 200)]),
        (
            "costs_interest_principal",
            3000,
            [("fee", 1500), ("letter", 300), ("interest", 460), ("invoice", 740)],
        ),
        (
            "pro_rata",
            31130,
            [
                *(("invoice", 9000), ("invoice", 21000)),
                *(("fee", 750), ("interest", 230), ("letter", 150)),
            ],
        ),
        ("pro_rata", 1, [("invoice", 1)]),
        ("by_type", 0, []),
    ],
)
def test_each_policy_shares_out_in_its_way(policy, amount, shares):
    assert shared(policy, amount, *OWED) == shares


def test_the_law_knows_costs_and_makes_no_difference_among_them():
    owed = (("letter", 300), ("interest", 460), ("debit_note", 50), ("fee", 1500))
    legal = shared("costs_interest_principal", 10**6, *owed)
    assert [kind for kind, _ in legal] == ["letter", "fee", "interest", "debit_note"]
    assert [kind for kind, _ in shared("by_type", 10**6, *owed)] == [
        *("fee", "letter", "interest", "debit_note")
    ]


def test_of_equal_parts_the_older_item_gets_the_cent():
    assert shared("pro_rata", 100, *[("invoice", 50)] * 3) == [
        *(("invoice", 34), ("invoice", 33), ("invoice", 33))
    ]


@given(
    st.sampled_from(AllocationPolicy),
    st.integers(0, 10**4),
    st.lists(st.tuples(st.sampled_from(ItemKind), st.integers(0, 10**3)), max_size=8),
)
def test_no_item_gets_more_than_it_may_and_nothing_is_left_that_any_could_get(
    policy, amount, items
):
    owed = [Item(*item) for item in items]
    shares = share_out(policy, amount, owed, most=lambda item: item.owed)
    assert all(0 < share <= item.owed for item, share in shares)
    assert sum(share for _, share in shares) == min(amount, sum(item.owed for item in owed))
