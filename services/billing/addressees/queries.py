"""Reads of how accounts are addressed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.accounts.rules import account_not_found
from services.billing.addressees.models import Addressee, Contact, FormerAddressee
from services.billing.addressees.rules import choose_recipients

COPY = select(Addressee)
COPY_OF_CONTACTS = select(Contact)
"""What we keep of accounts."""


def get_addressee(session: Session, *, account_id: str) -> Addressee:
    """How an account is addressed now; NotKnownYet before accounts told us."""
    found = session.get(Addressee, account_id)
    if found is None:
        raise account_not_found(account_id)
    return found


def get_addressee_at(
    session: Session, *, account_id: str, at: datetime
) -> Addressee | FormerAddressee:
    """How an account was addressed at a moment, as far back as we know; NotKnownYet before accounts told
    us."""
    former = session.scalars(
        select(FormerAddressee)
        .where(FormerAddressee.account_id == account_id, FormerAddressee.replaced_at > at)
        .order_by(FormerAddressee.replaced_at, FormerAddressee.version)
        .limit(1)
    ).first()
    return former or get_addressee(session, account_id=account_id)


def find_recipients(session: Session, *, account_id: str, on: date) -> list[Contact]:
    """The contacts who may have the account's documents on that day, by e-mail."""
    contacts = session.scalars(select(Contact).where(Contact.account_id == account_id))
    roles = get_addressee(session, account_id=account_id).invoice_recipients
    return choose_recipients(contacts, roles=roles, on=on)
