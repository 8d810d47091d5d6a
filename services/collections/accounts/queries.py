"""Reading the copies of accounts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.refusals import NotKnownYet
from services.collections.accounts.models import Account, AccountBalance, Contact
from services.collections.accounts.rules import Addressee, payer
from stationery.postal import billing_address

COPY = select(Account)
COPY_OF_CONTACTS = select(Contact)
COPY_OF_BALANCES = select(AccountBalance)
"""What we keep of others' facts."""


def get_account(session: Session, *, account_id: str) -> Account:
    """The copy of an account; NotKnownYet before accounts told us of it."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotKnownYet("account_not_found", f"There is no account {account_id}.")
    return account


def get_addressee(session: Session, *, account_id: str, on: date) -> Addressee:
    """Who gets this account's letters on that day."""
    account = get_account(session, account_id=account_id)
    contacts = session.scalars(select(Contact).where(Contact.account_id == account_id))
    person = payer(contacts, on=on)
    return Addressee(
        number=account.number,
        name=account.name,
        person=person.name if person else None,
        email=(person.email if person else None) or account.email,
        language=account.language,
        preferred_channel=account.preferred_channel,
        address=billing_address(account.addresses, on=on),
    )
