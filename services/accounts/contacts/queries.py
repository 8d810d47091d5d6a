"""Reads of contacts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from chassis.database import fetch_only
from chassis.pages import read_page
from services.accounts.contacts.models import Contact

EVERY = select(Contact)
"""What listeners are told of."""


def get_contact(session: Session, *, contact_id: str) -> Contact:
    """One contact."""
    return fetch_only(session, Contact, contact_id)


def list_contacts(
    session: Session, *, account_id: str, valid_on: date | None, limit: int, after: str | None
) -> dict[str, Any]:
    """The people at an account, in the order in which they were added."""
    contacts = select(Contact).where(Contact.account_id == account_id)
    if valid_on is not None:
        contacts = contacts.where(is_valid_on(valid_on))
    return read_page(session, contacts, by=[Contact.contact_id], limit=limit, after=after)


def read_whose(session: Session, contact_ids: Collection[str]) -> dict[str, str]:
    """Whose contacts these are: the accounts' ids, of those that there are."""
    which = select(Contact.contact_id, Contact.account_id).where(
        Contact.contact_id.in_(contact_ids)
    )
    return {row.contact_id: row.account_id for row in session.execute(which)}


def has_phone(number: str) -> ColumnElement[bool]:
    """Whether a contact can be called under a number in E.164, whichever of theirs it is."""
    return Contact.phones.contains([{"number": number}])


def is_valid_on(day: date) -> ColumnElement[bool]:
    """Whether a contact's time includes the day."""
    return and_(Contact.valid_from <= day, or_(Contact.valid_to.is_(None), Contact.valid_to >= day))
