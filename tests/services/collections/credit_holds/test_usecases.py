"""Claims about credit holds, against a database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.collections import events
from services.collections.holds.usecases import place_hold
from services.collections.placements.queries import list_placements
from services.collections.placements.usecases import accept_placement

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)


def _mornings(business: Any, *days: int) -> None:
    for day in days:
        business.morning(DUE + timedelta(days=day))


def _changes(business: Any, account_id: str) -> list[tuple[str, int]]:
    """The credit hold's changes, in order."""
    business.settle()
    return [
        (event.__name__, data["version"])
        for event, data in business.heard
        if event in (events.CreditHoldPlaced, events.CreditHoldLifted)
        and data["account_id"] == account_id
    ]


_PLACED, _LIFTED = "CreditHoldPlaced", "CreditHoldLifted"


def test_the_final_notice_holds_orders_and_no_earlier_one_does(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    _mornings(business, 5, 20)
    assert _changes(business, account_id) == []
    _mornings(business, 40, 41)

    assert _changes(business, account_id) == [(_PLACED, 1)]
    [placed] = business.told(events.CreditHoldPlaced, account_id)
    assert "100.00 EUR" in placed["reason"]


def test_the_hold_is_lifted_when_the_last_warned_item_is_paid(business: Any) -> None:
    account_id = business.open_account()
    items = [business.issue(account_id, due=DUE) for _ in range(2)]
    business.issue(account_id, due=DUE + timedelta(days=30))  # late, but not warned about
    _mornings(business, 5, 20, 40)
    business.pay(items[0])
    assert _changes(business, account_id) == [(_PLACED, 1)]
    business.pay(items[1])

    assert _changes(business, account_id) == [(_PLACED, 1), (_LIFTED, 2)]


def test_a_bounced_payment_brings_the_hold_back_at_once(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    _mornings(business, 5, 20, 40)
    business.pay(item)
    business.bounce(item)
    business.pay(item)

    assert _changes(business, account_id) == [
        (_PLACED, 1),
        (_LIFTED, 2),
        (_PLACED, 3),
        (_LIFTED, 4),
    ]


def test_credit_that_covers_all_lifts_the_hold(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    _mornings(business, 5, 20, 40)
    business.credit(account_id, 10_000)

    assert _changes(business, account_id) == [(_PLACED, 1), (_LIFTED, 2)]


def test_a_hold_stays_when_the_debt_is_handed_over(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    _mornings(business, 5, 20, 40, 60)
    [placement] = list_placements(
        business.session, account_id=account_id, status=None, limit=1, after=None
    )["items"]
    accept_placement(
        business.session, placement_id=placement.placement_id, **business.circumstances
    )
    _mornings(business, 61)
    assert _changes(business, account_id) == [(_PLACED, 1)]
    business.pay(item)

    assert _changes(business, account_id) == [(_PLACED, 1), (_LIFTED, 2)]


def test_while_dunning_is_paused_orders_go_on(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    _mornings(business, 5, 20, 40)
    place_hold(
        business.session,
        account_id=account_id,
        item_id=None,
        reason="They pay by instalments.",
        from_on=None,
        until_on=DUE + timedelta(days=44),
        **business.circumstances,
    )
    _mornings(business, 41, 44)
    assert _changes(business, account_id) == [(_PLACED, 1), (_LIFTED, 2)]
    _mornings(business, 45)

    assert _changes(business, account_id)[2:] == [(_PLACED, 3)]
