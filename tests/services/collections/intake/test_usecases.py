"""Claims about what follows from billing's events in whatever order they come, against a database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.ids import new_id
from services.collections import events
from services.collections.intake.usecases import move_items, settle_items
from services.collections.receivables.queries import list_receivables
from services.collections.receivables.usecases import open_items

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)


def _snapshot(item: dict[str, Any], **differently: Any) -> dict[str, Any]:
    facts = {key: value for key, value in item.items() if key != "account_id"}
    return {**facts, **differently}


def test_an_invoice_that_arrives_after_its_payment_is_not_dunned(business: Any) -> None:
    account_id = business.open_account()
    other = business.issue(account_id, due=DUE)
    paid = _snapshot(other, item_id=new_id("itm"), version=2, balance=0, status="paid")
    settle_items(
        business.session, [{"account_id": account_id, "items": [paid]}], **business.circumstances
    )
    issued = {**paid, "version": 1, "balance": 10_000, "status": "open"}
    open_items(business.session, [{"account_id": account_id, "issued_on": DUE, "items": [issued]}])
    business.morning(DUE + timedelta(days=5))

    [sent] = business.told(events.DunningNoticeSent, account_id)
    assert sent["item_ids"] == [other["item_id"]]


def test_a_void_invoice_settles_what_it_caused(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    for days in (5, 20, 40, 60):
        business.morning(DUE + timedelta(days=days))
    void = _snapshot(item, version=9, balance=0, status="void")
    settle_items(
        business.session, [{"account_id": account_id, "items": [void]}], **business.circumstances
    )

    assert len(business.told(events.ContactSettled, account_id)) == 1
    assert len(business.told(events.CreditHoldLifted, account_id)) == 1
    assert business.told(events.PlacementChanged, account_id)[-1]["status"] == "cured"


def test_the_same_event_twice_tells_nothing_twice(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    business.morning(DUE + timedelta(days=1))
    part_paid = _snapshot(item, version=2, balance=4_000)
    for _ in range(2):
        settle_items(
            business.session,
            [{"account_id": account_id, "items": [part_paid]}],
            **business.circumstances,
        )

    assert [due["amount"] for due in business.told(events.ContactDue, account_id)] == [
        10_000,
        4_000,
    ]


def test_what_is_due_on_another_day_is_dunned_from_that_day_on_and_from_the_first_level(
    business: Any,
) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    later = DUE + timedelta(days=60)
    for days in (5, 20):
        business.morning(DUE + timedelta(days=days))
    first, second = business.told(events.DunningNoticeSent, account_id)
    assert second["level"] > first["level"]

    moved = _snapshot(item, version=2, due_date=later, balance=6_000, position=1)
    new = _snapshot(item, item_id=new_id("itm"), balance=4_000, due_date=later, position=2)
    change = {"account_id": account_id, "issued_on": DUE, "items": [moved, new]}
    move_items(business.session, [change], **business.circumstances)
    assert len(business.told(events.ContactSettled, account_id)) == 1

    business.morning(later)
    assert len(business.told(events.DunningNoticeSent, account_id)) == 2
    business.morning(later + timedelta(days=5))
    anew = business.told(events.DunningNoticeSent, account_id)[-1]
    assert anew["level"] == first["level"]
    assert set(anew["item_ids"]) == {moved["item_id"], new["item_id"]}
    page = list_receivables(
        business.session, account_id=account_id, status=None, limit=9, after=None
    )
    assert [(each.position, each.issued_on) for each in page["items"]] == [(1, DUE), (2, DUE)]
