"""Claims about what the worklist is told, against a database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.collections import events
from services.collections.contact_dues.usecases import review_all_contacts

pytestmark = pytest.mark.server

DUE = date(2026, 1, 31)


def _review(business: Any, days: int) -> None:
    business.today = DUE + timedelta(days=days)
    review_all_contacts(business.session, today=business.today)


def test_a_contact_is_due_from_the_day_after_the_due_date_and_told_once(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE, amount=700)
    for days in (0, 1, 2, 3):
        _review(business, days)

    [due] = business.told(events.ContactDue, account_id)
    assert due == {
        "account_id": account_id,
        "currency": "EUR",
        "version": 1,
        "reason": "overdue",
        "about": "EUR",
        "amount": 700,
        "oldest_due_date": "2026-01-31",
        "since": "2026-02-01",
        "sentence": "7.00 EUR is overdue; the oldest of it was due on 2026-01-31.",
        "roles": ["payer"],
        "channel": None,
        "earliest": None,
    }


def test_the_worklist_is_told_when_the_amount_changes_and_at_once_when_all_is_paid(
    business: Any,
) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE, amount=700)
    _review(business, 1)
    business.pay(item, 200)
    business.pay(item)

    dues = business.told(events.ContactDue, account_id)
    assert [(due["version"], due["amount"], due["since"]) for due in dues] == [
        (1, 700, "2026-02-01"),
        (2, 500, "2026-02-01"),
    ]
    [settled] = business.told(events.ContactSettled, account_id)
    assert (settled["version"], settled["reason"], settled["about"]) == (3, "overdue", "EUR")


def test_the_worklist_is_told_at_once_what_of_it_is_disputed_and_what_no_more(
    business: Any,
) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE, amount=45000)
    _review(business, 1)
    for disputed in (13000, 45000, 0):
        business.change(item, disputed=disputed)

    dues = business.told(events.ContactDue, account_id)
    assert [due["amount"] for due in dues] == [45000, 32000, 45000]
    assert len(business.told(events.ContactSettled, account_id)) == 1


def test_credit_settles_a_contact_as_money_does(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE, amount=700)
    _review(business, 1)
    business.credit(account_id, 700)

    assert len(business.told(events.ContactSettled, account_id)) == 1


def test_a_bounced_payment_makes_the_contact_due_again_at_once(business: Any) -> None:
    account_id = business.open_account()
    item = business.issue(account_id, due=DUE)
    _review(business, 1)
    business.pay(item)
    business.today = DUE + timedelta(days=9)
    business.bounce(item)

    first, again = business.told(events.ContactDue, account_id)
    assert (first["version"], again["version"]) == (1, 3)
    assert again["since"] == business.today.isoformat()


def test_currencies_are_told_apart(business: Any) -> None:
    account_id = business.open_account()
    business.issue(account_id, due=DUE, amount=700)
    business.issue(account_id, due=DUE - timedelta(days=9), amount=5, currency="USD")
    business.issue(account_id, due=DUE - timedelta(days=1), amount=6, currency="USD")
    _review(business, 1)

    dues = business.told(events.ContactDue, account_id)
    assert {due["currency"]: (due["amount"], due["oldest_due_date"]) for due in dues} == {
        "EUR": (700, "2026-01-31"),
        "USD": (11, "2026-01-22"),
    }
