"""The copy of accounts: the newest snapshot counts, in whatever order they come."""

import pytest

from kernel.ids import new_id
from kernel.refusals import NotKnownYet
from services.billing.accounts.queries import find_payers, get_account

pytestmark = pytest.mark.server


def test_a_newer_snapshot_replaces_the_older_one(books, account):
    books.open_account(account_id=account, version=2, net_days=14)
    books.session.expire_all()
    assert get_account(books.session, account_id=account).net_days == 14


def test_an_older_snapshot_that_comes_late_changes_nothing(books, account):
    books.open_account(account_id=account, version=3, status="closed")
    books.open_account(account_id=account, version=2, status="active")
    books.session.expire_all()
    assert get_account(books.session, account_id=account).status == "closed"


def test_an_account_whose_event_has_not_come_is_not_known_yet(session):
    with pytest.raises(NotKnownYet):
        get_account(session, account_id=new_id("acc"))


def test_who_pays_is_the_account_itself_until_accounts_tells_of_another(books, account):
    parent, asked = books.open_account(), {"account_ids": [account, new_id("acc")]}
    assert find_payers(books.session, **asked) == {account: account}
    edge = {"parent_id": parent, "payer_id": parent}
    books.open_account(account_id=account, version=2, **edge)
    books.session.expire_all()
    assert find_payers(books.session, **asked) == {account: parent}
    books.open_account(account_id=account, version=3, parent_id=parent, payer_id=account)
    books.session.expire_all()
    assert find_payers(books.session, **asked) == {account: account}
