"""Billing agrees to a closing where nothing is left, and bills the account no more from then on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.doors.outages import is_outage
from kernel.ids import new_id
from kernel.refusals import Refusal
from services.billing.closings.usecases import answer_closing
from tests.services.billing.charging import Charging

pytestmark = pytest.mark.server


def ask(books, account: str, version: int = 2) -> dict[str, Any] | None:
    """What billing answers, if anything."""
    before = len(books.announced("AccountClosingAgreed", "AccountClosingObjected"))
    known = {"number": "A-1", "status": "closing", "net_days": 30}
    answer_closing(books.session, account_id=account, version=version, **known, **books.moment)
    books.session.expire_all()
    answers = books.announced("AccountClosingAgreed", "AccountClosingObjected")[before:]
    return answers[0] if answers else None


def test_a_settled_account_may_be_closed(books, account):
    books.bill(account, 1000)
    books.pay(account, 1000)
    assert ask(books, account) == {
        "account_id": account,
        "account_version": 2,
        "answered_by": "billing",
        "reason": "Nothing is owed, unapplied, drafted, charged or to be billed.",
    }


def test_an_objection_says_what_is_in_the_way_in_every_currency(books, account):
    books.bill(account, 5000)
    books.pay(account, 300, currency="USD")
    books.draft(account)
    answer = ask(books, account)
    assert answer is not None
    assert (answer["code"], answer["drafts"]) == ("balance_open", 1)
    assert answer["balances"] == [
        {"currency": "EUR", "open": 5000, "unapplied": 0},
        {"currency": "USD", "open": 0, "unapplied": 300},
    ]


def test_a_draft_is_in_the_way_until_it_is_issued_and_paid_or_deleted(books, account):
    draft = books.draft(account, 1000)
    assert ask(books, account)["code"] == "drafts_waiting"
    books.open_account(account_id=account, version=3, status="active")
    books.session.expire_all()
    books.issue(draft)
    books.pay(account, 1000)
    assert "code" not in ask(books, account, version=4)


def test_a_charge_is_in_the_way_until_it_is_ended_and_billed(books, account):
    charging = Charging(books, account)
    charge_id = charging.add()
    assert ask(books, account)["code"] == "charges_running"
    charging.act("end", charge_id, str(books.today + timedelta(days=1))[5:])
    assert ask(books, account)["code"] == "not_billed"
    charging.bill(charge_id)
    assert "code" not in ask(books, account)


def ship(books, account):
    books.ship(account, new_id("ord"), books.line(1000))


@pytest.mark.parametrize(
    "bill",
    [
        lambda books, account: books.draft(account),
        lambda books, account: books.credit_freely(account, 100),
        ship,
    ],
)
def test_who_is_asked_to_agree_bills_nothing_new_until_it_is_decided(books, account, bill):
    ask(books, account)
    with pytest.raises(Refusal) as refused:
        bill(books, account)
    assert refused.value.code == "account_closing"
    assert is_outage(refused.value) == (bill is ship)  # an event that is tried again
    books.open_account(account_id=account, version=3, status="active")
    books.session.expire_all()
    bill(books, account)


def test_what_was_shipped_is_billed_even_to_a_closed_account(books, account):
    books.open_account(account_id=account, version=2, status="closed")
    ship(books, account)
    assert books.balance(account) == (1000, 0)


def test_a_batch_refuses_what_is_for_an_account_that_is_closing(books, account):
    ask(books, account)
    row = books.demand(account, 1000) | {"issued_on": None}
    assert books.batch(row)["results"][0]["code"] == "account_closing"


def test_money_is_taken_from_an_account_that_is_closing(books, account):
    ask(books, account)
    books.pay(account, 1000)
    assert books.balance(account) == (0, 1000)


def test_a_closing_that_is_over_is_not_answered(books, account):
    books.open_account(account_id=account, version=3, status="active")
    assert ask(books, account, version=2) is None


def test_a_closing_that_comes_before_its_account_is_answered(books):
    assert "code" not in ask(books, new_id("acc"))


def test_a_closing_asked_again_is_answered_again(books, account):
    assert ask(books, account, version=2)["account_version"] == 2
    assert ask(books, account, version=4)["account_version"] == 4
