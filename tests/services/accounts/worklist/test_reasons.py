"""What others find comes to the owner's worklist as a reason, and goes when it is over."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.bulk import keep_newest
from services.accounts.balances.models import AccountBalance

pytestmark = pytest.mark.server


@pytest.fixture
def account(office) -> dict[str, Any]:
    account: dict[str, Any] = office.active_account()
    office.announced()
    return account


def reasons(office, account) -> list[str]:
    """The sentences of the account's reasons."""
    worklist = office.do("get_worklist", staff_id=account["owner_id"])
    return [one["sentence"] for line in worklist["items"] for one in line["reasons"]]


def test_money_that_comes_in_for_a_closed_account_waits_for_its_owner(office, account) -> None:
    account_id = account["account_id"]
    office.close(account_id)
    office.hear_itself()
    assert reasons(office, account) == []
    office.owe(account_id, 5000, version=1)
    assert reasons(office, account) == [
        "The account is closed with 50.00 GBP open; settle that, or reopen the account."
    ]
    office.owe(account_id, 5000, version=2, unapplied=700)
    office.owe(account_id, 0, version=1, unapplied=1, currency="EUR")
    assert sorted(reasons(office, account)) == [
        "The account is closed with 0.01 EUR unapplied; settle that, or reopen the account.",
        "The account is closed with 50.00 GBP open and 7.00 GBP unapplied; "
        "settle that, or reopen the account.",
    ]
    office.owe(account_id, 0, version=3)
    office.owe(account_id, 0, version=2, currency="EUR")
    assert reasons(office, account) == []


def test_what_a_reopened_account_owes_is_business_as_usual(office, account) -> None:
    account_id = account["account_id"]
    office.close(account_id)
    office.owe(account_id, 5000, version=1)
    office.hear_itself()
    assert len(reasons(office, account)) == 1
    office.do("reopen_account", account_id=account_id, reason="Came back.")
    office.hear_itself()
    assert reasons(office, account) == []
    office.owe(account_id, 6000, version=2)
    assert reasons(office, account) == []


def test_money_that_came_in_while_an_account_was_closing_is_seen_when_it_is_closed(
    office, account
) -> None:
    closing = office.do("close_account", account_id=account["account_id"], reason="Moved abroad.")
    office.owe(account["account_id"], 5000, version=1)
    assert reasons(office, account) == []
    for service in ("billing", "sales"):
        office.answer(closing, service)
    office.hear_itself()
    assert len(reasons(office, account)) == 1


def test_what_was_overlooked_when_both_came_at_one_moment_is_found_the_next_day(
    office, account
) -> None:
    office.close(account["account_id"])
    keep_newest(
        office.session,
        AccountBalance,
        [
            {
                "account_id": account["account_id"],
                "currency": "GBP",
                "version": 1,
                "open": 5000,
                "unapplied": 0,
                "balance": 5000,
            }
        ],
    )
    assert reasons(office, account) == []
    office.pass_days(1)
    assert len(reasons(office, account)) == 1
