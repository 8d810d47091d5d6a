"""What an open item's amounts say about it, and how changes of one add up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.items.rules import (
    BalanceChange,
    ItemChange,
    ItemStatus,
    item_status,
    stands_of,
)

CHANGES = st.builds(
    ItemChange, st.just("itm_1"), st.integers(-(10**15), 10**15), st.dates(), st.dates()
)


@pytest.mark.parametrize(
    ("is_void", "balance", "written_off", "status"),
    [
        (False, 1, 0, ItemStatus.OPEN),
        (False, 1, 5, ItemStatus.OPEN),
        (False, 0, 0, ItemStatus.PAID),
        (False, 0, 5, ItemStatus.WRITTEN_OFF),
        *((True, balance, off, ItemStatus.VOID) for balance in (0, 1) for off in (0, 5)),
    ],
)
def test_an_item_is_open_until_nothing_is_owed_unless_it_is_void(
    is_void, balance, written_off, status
):
    assert (
        item_status(is_void=is_void, amount=1, balance=balance, written_off=written_off) == status
    )


@pytest.mark.parametrize(
    ("balance", "disputed", "in_flight", "stands"),
    [
        (9000, 0, 3500, (0, 3500)),
        (5500, 0, 9000, (0, 5500)),
        (45000, 13000, 0, (13000, 0)),
        (10000, 13000, 500, (10000, 0)),
        (10000, 8000, 5000, (8000, 2000)),
        (0, 8000, 5000, (0, 0)),
    ],
)
def test_what_is_contested_or_on_its_way_is_of_what_is_still_owed(
    balance, disputed, in_flight, stands
):
    assert stands_of(balance, disputed=disputed, in_flight=in_flight) == stands


@given(*[st.integers(0, 10**15)] * 3)
def test_no_more_is_kept_from_being_asked_than_is_owed(balance, disputed, in_flight):
    stands = stands_of(balance, disputed=disputed, in_flight=in_flight)

    assert all(part >= 0 for part in stands)
    assert sum(stands) == min(balance, disputed + in_flight)


def test_changes_add_up_and_count_from_the_latest_day_of_either():
    first = ItemChange("itm_1", -5, date(2026, 1, 2), date(2026, 1, 9))
    second = ItemChange("itm_1", 3, date(2026, 1, 5), date(2026, 1, 4))

    assert first + second == ItemChange("itm_1", -2, date(2026, 1, 5), date(2026, 1, 9))


@given(CHANGES, CHANGES, CHANGES)
def test_it_does_not_matter_in_which_order_changes_are_added(one, two, three):
    assert (one + two) + three == three + (two + one)


@given(CHANGES)
def test_a_change_opens_an_item_from_no_day_unless_it_says_so(change):
    silent = ItemChange("itm_1", 0, date.min)

    assert silent.open_from == date.min
    assert change + silent == change


def test_changes_of_two_items_are_never_added():
    with pytest.raises(AssertionError):
        ItemChange("itm_1", 1, date.min) + ItemChange("itm_2", 1, date.min)


def test_a_balance_does_not_change_by_itself():
    assert BalanceChange() == BalanceChange(open=0, unapplied=0)
