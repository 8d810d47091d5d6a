"""Which open item becomes which of the instalments that replace them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Conflict, Invalid
from services.billing.issuing.rules import Due
from services.billing.reschedules.rules import plan_reschedule, read_dues, require_same_total

TODAY = date(2026, 3, 2)


def day(number: int) -> date:
    return date(2026, 4, number)


@dataclass
class Item:
    item_id: str
    balance: int
    due_date: date
    spoken_for: int = 0

    @property
    def askable(self) -> int:
        return self.balance - self.spoken_for


A, B = Item("a", 70, day(1)), Item("b", 80, day(10))


@pytest.mark.parametrize(
    ("dues", "changed", "new"),
    [
        ([Due(70, day(5)), Due(80, day(10))], [("a", 70, day(5))], []),
        ([Due(70, day(5)), Due(80, day(15))], [("a", 70, day(5)), ("b", 80, day(15))], []),
        ([Due(150, day(5))], [("a", 150, day(5)), ("b", 0, day(10))], []),
        (
            [Due(50, day(1)), Due(50, day(2)), Due(50, day(3))],
            [("a", 50, day(1)), ("b", 50, day(2))],
            [Due(50, day(3))],
        ),
        ([Due(70, day(1)), Due(80, day(10)), Due(1, day(11))], [], [Due(1, day(11))]),
    ],
)
def test_items_become_the_instalments_in_the_order_of_their_days(dues, changed, new):
    plan = plan_reschedule([A, B], dues, currency="EUR")
    assert (list(plan.changed), list(plan.new)) == (changed, new)


def test_a_change_that_changes_nothing_is_refused():
    with pytest.raises(Invalid) as refused:
        plan_reschedule([A, B], [Due(70, day(1)), Due(80, day(10))], currency="EUR")
    assert refused.value.code == "nothing_changes"


@pytest.mark.parametrize(
    ("amount", "says"), [(149, "0.01 EUR is missing"), (151, "0.01 EUR is too much")]
)
def test_another_total_is_refused_with_both_sums(amount, says):
    with pytest.raises(Invalid) as refused:
        require_same_total([A, B], [Due(amount, day(1))], currency="EUR")
    assert refused.value.code == "instalments_do_not_add_up"
    assert "1.50 EUR is open" in refused.value.detail
    assert says in refused.value.detail


def test_what_is_disputed_or_on_its_way_stays_owed_on_its_item():
    disputed = Item("b", 80, day(10), spoken_for=60)
    assert plan_reschedule(
        [A, disputed], [Due(90, day(2)), Due(60, day(9))], currency="EUR"
    ).changed
    with pytest.raises(Conflict) as refused:
        plan_reschedule([A, disputed], [Due(91, day(2)), Due(59, day(9))], currency="EUR")
    assert refused.value.code == "item_spoken_for"


@pytest.mark.parametrize("due_date", [date(2026, 3, 1), date(2076, 3, 3)])
def test_nothing_is_due_before_its_invoice_nor_too_far_ahead(due_date):
    given_ones = [{"amount": 1, "due_date": TODAY}, {"amount": 1, "due_date": due_date}]
    with pytest.raises(Invalid) as refused:
        read_dues(given_ones, issued_on=TODAY, today=TODAY)
    assert refused.value.errors[0]["field"] == "instalments/1/due_date"


AMOUNTS = st.lists(st.integers(1, 100), min_size=1, max_size=6)


@given(AMOUNTS, AMOUNTS)
def test_what_is_owed_afterwards_is_what_was_given(open_amounts, amounts):
    items = [Item(str(place), amount, day(1)) for place, amount in enumerate(open_amounts)]
    dues = [Due(amount, day(2)) for amount in amounts]
    plan = plan_reschedule(items, dues, currency="EUR")
    owed = [amount for _, amount, _ in plan.changed if amount] + [due.amount for due in plan.new]
    assert owed == amounts
    assert len(plan.new) == max(0, len(amounts) - len(open_amounts))
