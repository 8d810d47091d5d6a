"""Claims about pauses of dunning, against a database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import Conflict, Invalid, NotKnownYet
from services.collections.holds.usecases import lift_hold, place_hold

pytestmark = pytest.mark.server

TODAY = date(2026, 1, 10)


def _place(
    business: Any, account_id: str, first: int, last: int, item_id: str | None = None
) -> Any:
    business.today = TODAY
    return place_hold(
        business.session,
        account_id=account_id,
        item_id=item_id,
        reason="They promised to pay.",
        from_on=TODAY + timedelta(days=first),
        until_on=TODAY + timedelta(days=last),
        **business.circumstances,
    )


def _lift(business: Any, hold_id: str, day: date) -> Any:
    business.today = day
    return lift_hold(business.session, hold_id=hold_id, **business.circumstances)


@pytest.mark.parametrize(
    ("second_first", "second_last", "is_refused"),
    [(0, 3, True), (5, 8, True), (9, 12, False), (3, 4, True)],
)
def test_two_holds_never_pause_the_same_day(
    business: Any, second_first: int, second_last: int, is_refused: bool
) -> None:
    account_id = business.open_account()
    _place(business, account_id, 2, 8)
    if is_refused:
        with pytest.raises(Conflict, match="lift that one"):
            _place(business, account_id, second_first, second_last)
    else:
        _place(business, account_id, second_first, second_last)


def test_a_hold_on_an_item_overlaps_one_on_its_account_but_not_one_on_another_item(
    business: Any,
) -> None:
    account_id = business.open_account()
    one = business.issue(account_id, due=TODAY)["item_id"]
    other = business.issue(account_id, due=TODAY)["item_id"]
    _place(business, account_id, 0, 5, one)
    _place(business, account_id, 0, 5, other)

    with pytest.raises(Conflict):
        _place(business, account_id, 5, 9)


def test_a_lifted_hold_leaves_room_for_another(business: Any) -> None:
    account_id = business.open_account()
    hold = _place(business, account_id, 0, 30)
    lifted = _lift(business, hold.hold_id, TODAY + timedelta(days=3))

    assert (lifted.until_on, lifted.last_on) == (
        TODAY + timedelta(days=30),
        TODAY + timedelta(days=2),
    )
    _place(business, account_id, 3, 5)
    with pytest.raises(Conflict, match="over"):
        _lift(business, hold.hold_id, TODAY + timedelta(days=4))


def test_a_hold_that_is_lifted_before_it_begins_has_paused_nothing(business: Any) -> None:
    hold = _place(business, business.open_account(), 5, 9)

    lifted = _lift(business, hold.hold_id, TODAY)

    assert lifted.last_on < lifted.from_on


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (3, 2)])
def test_a_hold_begins_today_or_later_and_ends(business: Any, first: int, last: int) -> None:
    with pytest.raises(Invalid):
        _place(business, business.open_account(), first, last)


def test_a_hold_needs_an_account_and_an_item_of_that_account(business: Any) -> None:
    with pytest.raises(NotKnownYet):
        _place(business, new_id("acc"), 0, 1)
    with pytest.raises(NotKnownYet):
        _place(business, business.open_account(), 0, 1, new_id("itm"))
    foreign = business.issue(business.open_account(), due=TODAY)["item_id"]
    with pytest.raises(Invalid, match="belongs to"):
        _place(business, business.open_account(), 0, 1, foreign)
