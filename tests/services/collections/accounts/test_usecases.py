"""Claims about the copies of accounts, against a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.collections.accounts.queries import get_addressee
from services.collections.accounts.usecases import keep_accounts, keep_contacts

pytestmark = pytest.mark.server

TODAY = date(2026, 1, 10)


def test_an_older_snapshot_of_an_account_changes_nothing(business: Any) -> None:
    account_id = business.open_account(version=3, language="de")
    keep_accounts(
        business.session,
        [
            {
                "account_id": account_id,
                "version": 2,
                "number": "A-1",
                "name": "Old",
                "language": "en",
                "email": None,
                "preferred_channel": "email",
            }
        ],
    )

    addressee = get_addressee(business.session, account_id=account_id, on=TODAY)
    assert (addressee.name, addressee.language) == ("Brown & Sons", "de")


def test_the_payers_address_comes_before_the_accounts(business: Any) -> None:
    account_id = business.open_account(email="info@brown.example")
    keep_contacts(
        business.session,
        [
            {
                "account_id": account_id,
                "contact_id": new_id("con"),
                "version": 1,
                "name": "Ann Payer",
                "email": "ann@brown.example",
                "roles": ["payer"],
                "valid_from": None,
                "valid_to": None,
            }
        ],
    )

    addressee = get_addressee(business.session, account_id=account_id, on=TODAY)
    assert (addressee.person, addressee.email) == ("Ann Payer", "ann@brown.example")


def test_an_account_that_is_not_known_yet_may_be_on_its_way(business: Any) -> None:
    with pytest.raises(NotKnownYet):
        get_addressee(business.session, account_id=new_id("acc"), on=TODAY)
