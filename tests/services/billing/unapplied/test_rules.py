"""What funds are set against by themselves."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.allocations.rules import Standing
from services.billing.tolerances.rules import Tolerance
from services.billing.unapplied.rules import set_off


@dataclass
class Fund:
    unapplied: int
    account_id: str = "acc_1"
    currency: str = "EUR"
    paid_on: date | None = None


def owing(
    item_id: str, owed: int, *, not_asked: int = 0, account_id: str = "acc_1", currency: str = "EUR"
) -> Standing:
    place = (item_id, "inv_1", "R-1", account_id, currency, owed + not_asked)
    return Standing(*place, date(2026, 1, 1), "invoice", not_asked, 0)


def amounts(funds, items):
    return [
        (fund.unapplied, [(share.item.item_id, share.amount) for share in shares])
        for fund, shares in set_off(funds, items, defaultdict(Tolerance))
    ]


@pytest.mark.parametrize(
    ("unapplied", "askable", "made"),
    [
        ([30], [20], [(30, [("0", 20)])]),
        ([30, 50], [40, 100], [(30, [("0", 30)]), (50, [("0", 10), ("1", 40)])]),
        ([30, 50], [0, 10], [(30, [("1", 10)])]),  # all of the first is disputed or on its way
        ([30], [], []),
    ],
)
def test_one_fund_after_the_other_pays_one_item_after_the_other(unapplied, askable, made):
    items = [owing(str(index), amount, not_asked=9) for index, amount in enumerate(askable)]
    assert amounts([Fund(amount) for amount in unapplied], items) == made


def test_only_items_of_the_same_account_and_currency_are_paid():
    items = [owing("0", 5, account_id="acc_2"), owing("1", 5, currency="USD"), owing("2", 5)]
    assert amounts([Fund(9), Fund(8, currency="USD")], items) == [(9, [("2", 5)]), (8, [("1", 5)])]


MANY = st.lists(st.integers(0, 10**6), max_size=8)


@given(MANY, MANY)
def test_as_much_is_applied_as_there_is_of_either(unapplied, askable):
    items = [owing(str(index), amount) for index, amount in enumerate(askable)]
    made = amounts([Fund(amount) for amount in unapplied], items)

    applied = [(fund, sum(amount for _, amount in shares)) for fund, shares in made]
    assert sum(amount for _, amount in applied) == min(sum(unapplied), sum(askable))
    assert all(0 < amount <= fund for fund, amount in applied)
    for item in items:
        paid = sum(amount for _, shares in made for name, amount in shares if name == item.item_id)
        assert item.askable == askable[int(item.item_id)] - paid >= 0
