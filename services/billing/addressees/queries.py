"""Reads of how accounts are addressed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.orm import Session

from services.billing.accounts.rules import account_not_found
from services.billing.addressees.models import Addressee, Contact, FormerAddressee
from services.billing.addressees.rules import choose_recipients, leaves_by_post
from stationery.postal import billing_address

_IDS = any_(bindparam("account_ids", type_=ARRAY(Text)))
COPY = select(Addressee)
COPY_OF_CONTACTS = select(Contact)
"""What we keep of accounts."""


def get_addressee(session: Session, *, account_id: str) -> Addressee:
    """How an account is addressed now; NotKnownYet before accounts told us."""
    found = session.get(Addressee, account_id)
    if found is None:
        raise account_not_found(account_id)
    return found


def find_addressees(session: Session, *, account_ids: Collection[str]) -> dict[str, Addressee]:
    """How accounts are addressed now, by id; those that nobody told of are left out."""
    found = session.scalars(
        select(Addressee).where(Addressee.account_id == _IDS), {"account_ids": list(account_ids)}
    )
    return {one.account_id: one for one in found}


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


def find_unaddressed(session: Session, *, account_ids: Collection[str], on: date) -> set[str]:
    """Those of these accounts whose bills leave by post and that have no address for them on that day, as
    far as accounts told of them."""
    ids = {"account_ids": list(account_ids)}
    contacts: defaultdict[str, list[Contact]] = defaultdict(list)
    for contact in session.scalars(select(Contact).where(Contact.account_id == _IDS), ids):
        contacts[contact.account_id].append(contact)
    return {
        one.account_id
        for one in session.scalars(select(Addressee).where(Addressee.account_id == _IDS), ids)
        if leaves_by_post(one, contacts[one.account_id], on=on)
        and billing_address(one.addresses, on=on) is None
    }
