"""Reads of how accounts are addressed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ARRAY, Text, any_, bindparam, select
from sqlalchemy.orm import Session

from services.billing.accounts.rules import account_not_found
from services.billing.addressees.models import Addressee, Contact, FormerAddressee
from services.billing.addressees.rules import Route, choose_recipients, choose_route
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
    routes = find_routes(session, account_ids=account_ids, on=on)
    return {
        account_id
        for account_id, route in routes.items()
        if route.email is None and not route.is_addressed
    }


def find_routes(session: Session, *, account_ids: Collection[str], on: date) -> dict[str, Route]:
    """How what is sent to accounts on a day leaves, by id; those that nobody told of are left out."""
    contacts: defaultdict[str, list[Contact]] = defaultdict(list)
    ids = {"account_ids": list(account_ids)}
    for contact in session.scalars(select(Contact).where(Contact.account_id == _IDS), ids):
        contacts[contact.account_id].append(contact)
    return {
        account_id: choose_route(
            one,
            contacts[account_id],
            is_addressed=billing_address(one.addresses, on=on) is not None,
            on=on,
        )
        for account_id, one in find_addressees(session, account_ids=account_ids).items()
    }
