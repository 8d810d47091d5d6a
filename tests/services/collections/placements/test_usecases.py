"""Claims about handing debts over, against a database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.refusals import Conflict
from services.collections import events
from services.collections.dunning.queries import explain
from services.collections.dunning.rules import Reason
from services.collections.holds.usecases import place_hold
from services.collections.placements import usecases
from services.collections.placements.queries import get_placement, list_placements

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)
LADDER = (5, 20, 40)


def _mornings(business: Any, *days: int) -> None:
    for day in days:
        business.morning(DUE + timedelta(days=day))


def _placement(business: Any, account_id: str) -> dict[str, Any]:
    [placement] = list_placements(
        business.session, account_id=account_id, status=None, limit=5, after=None
    )["items"]
    return get_placement(business.session, placement_id=placement.placement_id)


def _statuses(business: Any, account_id: str) -> list[tuple[int, str]]:
    told = business.told(events.PlacementChanged, account_id)
    return [(change["version"], change["status"]) for change in told]


def _do(business: Any, what: Any, placement: dict[str, Any], **words: Any) -> dict[str, Any]:
    done: dict[str, Any] = what(
        business.session, placement_id=placement["placement_id"], **words, **business.circumstances
    )
    return done


def test_what_is_60_days_late_after_the_last_letter_is_proposed_with_its_package(
    business: Any,
) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE, amount=700)
    business.issue(account_id, due=DUE + timedelta(days=30), amount=5)
    _mornings(business, *LADDER, 59)
    assert _statuses(business, account_id) == []
    _mornings(business, 60, 61)

    assert _statuses(business, account_id) == [(1, "proposed")]
    placement = _placement(business, account_id)
    package = placement["package"]
    assert (placement["amount"], placement["open"], package["amount"]) == (700, 700, 700)
    assert [one["item_id"] for one in package["items"]] == [item["item_id"]]
    assert package["items"][0]["days_overdue"] == 60
    assert [one["level"] for one in package["notices"]] == [1, 2, 3]
    assert package["account"]["name"] == "Brown & Sons"


def test_a_package_lists_items_in_the_order_of_their_documents(business: Any) -> None:
    account_id = business.open_account()
    for number in ("R-10", "R-2", "R-9"):
        business.issue(account_id, due=DUE, number=number)
    business.issue(account_id, due=DUE, number="R-12", issued_on=DUE - timedelta(days=60))
    _mornings(business, *LADDER, 60)

    items = _placement(business, account_id)["package"]["items"]
    assert [item["invoice_number"] for item in items] == ["R-12", "R-2", "R-9", "R-10"]


def test_what_did_not_get_its_last_letter_is_not_handed_over_however_late(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    _mornings(business, 100, 115)

    assert business.levels_sent(account_id) == [1, 2]
    assert _statuses(business, account_id) == []


def test_each_currency_is_a_placement_of_its_own(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    business.issue(account_id, due=DUE, currency="USD")
    _mornings(business, *LADDER, 60)

    told = business.told(events.PlacementChanged, account_id)
    assert sorted(change["currency"] for change in told) == ["EUR", "USD"]


def test_an_accepted_debt_has_one_voice(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    _mornings(business, *LADDER, 60)
    _do(business, usecases.accept_placement, _placement(business, account_id))
    _mornings(business, 61)

    assert _statuses(business, account_id) == [(1, "proposed"), (2, "in_collections")]
    assert len(business.told(events.ContactSettled, account_id)) == 1
    on = DUE + timedelta(days=61)
    reason = explain(business.session, item_id=item["item_id"], on=on)["reason"]
    assert reason == Reason.IN_COLLECTIONS


def test_a_returned_placement_is_proposed_again_with_a_new_package(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE, amount=700)
    _mornings(business, *LADDER, 60)
    placement = _placement(business, account_id)
    _do(business, usecases.return_placement, placement, reason="The order is missing.")
    business.pay(item, 100)
    _mornings(business, 61)
    again = _do(business, usecases.propose_again, placement)

    assert (again["status"], again["amount"], again["package"]["amount"]) == ("proposed", 600, 600)
    assert [move.reason for move in again["moves"]] == [None, "The order is missing.", None]
    assert [status for _, status in _statuses(business, account_id)] == [
        "proposed",
        "returned",
        "proposed",
    ]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_placement_is_cured_when_all_its_items_are_paid(business: Any, accepted: bool) -> None:
    account_id = business.open_account()
    items = [business.issue(account_id, due=DUE) for _ in range(2)]
    _mornings(business, *LADDER, 60)
    if accepted:
        _do(business, usecases.accept_placement, _placement(business, account_id))
    business.pay(items[0])
    assert _statuses(business, account_id)[-1][1] != "cured"
    business.pay(items[1])

    assert _statuses(business, account_id)[-1][1] == "cured"
    assert _placement(business, account_id)["open"] == 0


def test_a_placement_is_cured_when_what_is_left_of_it_is_given_up(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE, amount=700)
    _mornings(business, *LADDER, 60)
    business.change(item, balance=0, written_off=700, status="written_off")

    assert [status for _, status in _statuses(business, account_id)] == ["proposed", "cured"]


def test_a_cured_debt_that_comes_back_is_proposed_anew(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    _mornings(business, *LADDER, 60)
    _do(business, usecases.accept_placement, _placement(business, account_id))
    business.pay(item)
    business.bounce(item)
    _mornings(business, 70)

    assert [status for _, status in _statuses(business, account_id)] == [
        "proposed",
        "in_collections",
        "cured",
        "proposed",
    ]


def test_a_withdrawn_debt_is_the_account_managers_again(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    _mornings(business, *LADDER, 60)
    placement = _placement(business, account_id)
    _do(business, usecases.accept_placement, placement)
    place_hold(
        business.session,
        account_id=account_id,
        item_id=None,
        reason="They came to an agreement.",
        from_on=None,
        until_on=DUE + timedelta(days=90),
        **business.circumstances,
    )
    _do(business, usecases.withdraw_placement, placement, reason="They came to an agreement.")
    _mornings(business, 61, 62)

    assert [status for _, status in _statuses(business, account_id)] == [
        "proposed",
        "in_collections",
        "withdrawn",
    ]


def test_what_is_accepted_cannot_be_returned_or_accepted_again(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE)
    _mornings(business, *LADDER, 60)
    placement = _placement(business, account_id)
    _do(business, usecases.accept_placement, placement)

    with pytest.raises(Conflict):
        _do(business, usecases.accept_placement, placement)
    with pytest.raises(Conflict):
        _do(business, usecases.return_placement, placement, reason="Too late.")


def test_what_collections_returned_waits_on_the_worklist_until_it_moves_on(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE, amount=70_000)
    _mornings(business, *LADDER, 60)
    placement = _placement(business, account_id)

    def told(event: Any) -> list[dict[str, Any]]:
        about = placement["placement_id"]
        return [one for one in business.told(event, account_id) if one["about"] == about]

    assert (told(events.ContactDue), told(events.ContactSettled)) == ([], [])
    _do(business, usecases.return_placement, placement, reason="The order is missing.")
    assert told(events.ContactDue) == [
        {
            "account_id": account_id,
            "reason": "hand_over_returned",
            "about": placement["placement_id"],
            "version": 2,
            "currency": "EUR",
            "amount": 70_000,
            "oldest_due_date": "2026-01-31",
            "since": business.today.isoformat(),
            "sentence": "The hand-over of 700.00 EUR to collections came back: The order is missing.",
            "roles": ["payer"],
            "channel": None,
            "earliest": None,
        }
    ]
    _do(business, usecases.propose_again, placement)
    assert [one["version"] for one in told(events.ContactSettled)] == [3]
    _do(business, usecases.return_placement, placement, reason="Still missing.")
    business.pay(item)
    assert [one["version"] for one in told(events.ContactDue)] == [2, 4]
    assert [one["version"] for one in told(events.ContactSettled)] == [3, 5]
