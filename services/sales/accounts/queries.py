"""Reading the copies."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.refusals import NotKnownYet
from services.sales.accounts.models import Account, AccountBalance, Contact, CreditHold

COPY = select(Account)
COPY_OF_CONTACTS = select(Contact)
COPY_OF_HOLDS = select(CreditHold)
COPY_OF_BALANCES = select(AccountBalance)
"""What we keep of others' facts."""


def fetch_account(session: Session, account_id: str) -> Account:
    """The account's row, to read; NotKnownYet where no event has told of it."""
    account = session.scalar(select(Account).where(Account.account_id == account_id))
    if account is None:
        raise NotKnownYet("account_not_found", f"There is no account {account_id}.")
    return account


def find_accounts(session: Session, account_ids: Collection[str]) -> dict[str, Account]:
    """Those of these accounts that are known, by id, as they are now."""
    found = select(Account).where(Account.account_id.in_(account_ids))
    fresh = found.execution_options(populate_existing=True)
    return {account.account_id: account for account in session.scalars(fresh)}
