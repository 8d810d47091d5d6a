"""Who was promised first is served first; a lowered limit stops what it has no room for, and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sales.stops.rules import (
    AgreedOrder,
    find_unfit,
    is_lowered,
    released_version,
    stopped_version,
    why_stopped,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def order(
    place: int, open_: int, *, agreed_limit: int | None = 1000, shipped: int = 0
) -> AgreedOrder:
    at = START + timedelta(hours=place)
    return AgreedOrder(f"ord_{place}", f"SO-{place}", at, agreed_limit, open_, shipped)


@pytest.mark.parametrize(
    ("limit", "agreed_limit", "lowered"),
    [
        (None, None, False),
        (None, 500, False),
        (500, None, True),
        (500, 500, False),
        (499, 500, True),
        (501, 500, False),
        (0, 0, False),
    ],
)
def test_a_limit_is_lowered_against_the_one_that_was_agreed(
    limit: int | None, agreed_limit: int | None, *, lowered: bool
) -> None:
    assert is_lowered(limit, agreed_limit=agreed_limit) == lowered


@pytest.mark.parametrize(
    ("orders", "limit", "balance", "unfit"),
    [
        ([], 0, 0, []),
        ([order(1, 600)], None, 9999, []),
        ([order(1, 600)], 600, 0, []),  # reaches the limit exactly
        ([order(1, 600)], 599, 0, [1]),
        ([order(1, 600)], 700, 101, [1]),
        ([order(1, 600)], 500, -100, []),  # paid in advance
        ([order(1, 600)], 1000, 9999, []),  # the limit is what it was: it is not looked at again
        ([order(1, 600, agreed_limit=None)], 500, 0, [1]),
        ([order(1, 300), order(2, 300)], 500, 0, [2]),
        ([order(2, 300), order(1, 300)], 500, 0, [2]),
        ([order(1, 600), order(2, 300)], 500, 0, [1]),  # a later one that fits goes on
        ([order(1, 300), order(2, 300, agreed_limit=500)], 500, 0, []),
        ([order(1, 300, agreed_limit=500), order(2, 300)], 500, 0, [2]),
        ([order(1, 100, shipped=450)], 500, 0, [1]),  # what is shipped is owed
        ([order(1, 300), order(2, 0, shipped=400)], 500, 0, [1]),
        ([order(1, 0)], 0, 500, []),  # all of it is paid or invoiced: nothing to stop for
    ],
)
def test_what_does_not_fit_is_found(
    orders: list[AgreedOrder], limit: int | None, balance: int, unfit: list[int]
) -> None:
    found = find_unfit(orders, limit=limit, balance=balance)
    assert [one.order_id for one in found] == [f"ord_{place}" for place in unfit]


orders_agreed = st.lists(
    st.builds(
        order,
        st.integers(1, 9),
        st.integers(0, 400),
        agreed_limit=st.none() | st.integers(0, 1500),
        shipped=st.integers(0, 200),
    ),
    unique_by=lambda one: one.order_id,
    max_size=6,
)


@given(st.data(), orders_agreed, st.integers(0, 1500), st.integers(-300, 1500))
def test_what_goes_on_fits_unless_it_was_agreed_under_this_limit(
    data: st.DataObject, orders: list[AgreedOrder], limit: int, balance: int
) -> None:
    unfit = find_unfit(orders, limit=limit, balance=balance)
    assert find_unfit(data.draw(st.permutations(orders)), limit=limit, balance=balance) == unfit
    assert all(one.open > 0 and is_lowered(limit, agreed_limit=one.agreed_limit) for one in unfit)
    goes_on = [one for one in orders if one not in unfit and one.open]
    if goes_on and all(is_lowered(limit, agreed_limit=one.agreed_limit) for one in goes_on):
        shipped = sum(one.shipped for one in orders)
        assert balance + shipped + sum(one.open for one in goes_on) <= limit


def test_each_stop_and_its_end_have_a_version_of_their_own() -> None:
    versions = [
        version(count) for count in (1, 2) for version in (stopped_version, released_version)
    ]
    assert versions == [1, 2, 3, 4]


def test_the_reason_says_which_limit_and_which_order() -> None:
    assert why_stopped("SO-1", limit=50_000, currency="EUR") == (
        "The credit limit was lowered to 500.00 EUR and has no room for order SO-1 any more."
    )
