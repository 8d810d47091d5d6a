"""The copies of standing: the newest snapshot stays, however often and in whatever order they come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.sales.accounts import usecases
from services.sales.orders.queries import get_standing

pytestmark = pytest.mark.server

VERSIONS = st.lists(st.integers(1, 6), min_size=1, max_size=12)
on_one_session = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def account_of(version: int) -> dict[str, Any]:
    """What the accounts service would say at this version: always the same."""
    return {
        "version": version,
        "number": "A-1",
        "status": ["prospect", "onboarding", "active", "on_hold"][version % 4],
        "currency": "EUR",
        "credit_limit": None if version == 3 else version * 1000,
    }


@on_one_session
@given(accounts=VERSIONS, balances=VERSIONS, holds=VERSIONS)
def test_snapshots_in_any_order_and_number_give_the_newest_standing(
    session: Session, accounts: list[int], balances: list[int], holds: list[int]
) -> None:
    account_id = new_id("acc")
    for version in holds:
        hold = {"account_id": account_id, "version": version, "reason": f"reason {version}"}
        usecases.keep_credit_holds(session, [hold | {"is_placed": version % 2 == 1}])
    for version in balances:
        owed = {"open": version * 100, "unapplied": version * 10, "balance": version * 90}
        whose = {"account_id": account_id, "currency": "EUR", "version": version}
        usecases.keep_balances(session, [whose | owed])
    for version in accounts:
        usecases.keep_accounts(session, [{"account_id": account_id, **account_of(version)}])

    standing = get_standing(session, account_id=account_id, currency=None)

    newest = account_of(max(accounts))
    assert (standing.status, standing.credit_limit) == (newest["status"], newest["credit_limit"])
    assert (standing.open, standing.balance) == (max(balances) * 100, max(balances) * 90)
    assert standing.hold_reason == (f"reason {max(holds)}" if max(holds) % 2 else None)


def test_balances_of_several_currencies_are_kept_apart(session: Session, shop: Any) -> None:
    account_id = shop.open_account(credit_limit=1000)
    shop.owe(account_id, 700, currency="EUR")
    shop.owe(account_id, 90_000, currency="JPY")

    assert get_standing(session, account_id=account_id, currency=None).available == 300
    assert get_standing(session, account_id=account_id, currency="JPY").available == -90_000
    assert get_standing(session, account_id=account_id, currency="USD").available == 0


def test_a_hold_may_be_told_before_its_account(session: Session, shop: Any) -> None:
    account_id = new_id("acc")
    shop.hold(account_id)
    shop.open_account(account_id=account_id)

    assert get_standing(session, account_id=account_id, currency=None).has_credit_hold


def test_an_account_no_event_has_told_of_may_be_on_its_way(session: Session) -> None:
    with pytest.raises(NotKnownYet):
        get_standing(session, account_id=new_id("acc"), currency=None)
    with pytest.raises(NotKnownYet):
        usecases.fetch_account_for_change(session, new_id("acc"))


def test_a_change_of_one_account_leaves_others_alone(session: Session, shop: Any) -> None:
    first, second = shop.open_account(credit_limit=1), shop.open_account(credit_limit=2)
    shop.open_account(account_id=first, version=2, credit_limit=3)

    limits = select(usecases.Account.account_id, usecases.Account.credit_limit)
    assert dict(session.execute(limits).all()) == {first: 3, second: 2}


@on_one_session
@given(versions=VERSIONS)
def test_the_newest_of_a_person_stays(session: Session, versions: list[int]) -> None:
    contact = {"contact_id": new_id("con"), "account_id": new_id("acc"), "email": None}
    contact |= {"phone": None, "roles": [], "valid_from": None, "valid_to": None}
    for version in versions:
        usecases.keep_contacts(session, [contact | {"version": version, "name": f"Ada {version}"}])
    names = select(usecases.Contact.name).where(
        usecases.Contact.contact_id == contact["contact_id"]
    )
    assert session.scalars(names).all() == [f"Ada {max(versions)}"]
