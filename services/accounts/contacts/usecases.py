"""What happens to contacts: added, edited, ended, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import fetch, fetch_for_change
from chassis.outbox import announce
from kernel.ids import new_id
from kernel.refusals import NotFound
from services.accounts import events
from services.accounts.accounts.models import Account
from services.accounts.accounts.rules import ContactRole
from services.accounts.contacts import rules
from services.accounts.contacts.models import Contact


def add_contact(
    session: Session,
    *,
    account_id: str,
    name: str,
    email: str | None,
    phone: str | None,
    roles: list[ContactRole],
    valid_from: date | None,
    valid_to: date | None,
    today: date,
    phones: list[dict[str, Any]] | None = None,
) -> Contact:
    """Add a person at an account."""
    country = fetch(session, Account, account_id).country
    valid_from = valid_from or today
    rules.require_period(valid_from=valid_from, valid_to=valid_to, today=today)
    contact = Contact(
        contact_id=new_id("con"),
        account_id=account_id,
        name=name,
        email=email,
        **rules.merge_phones([], {"phone": phone, "phones": phones}, country=country),
        roles=_each_once(roles),
        valid_from=valid_from,
        valid_to=valid_to,
    )
    session.add(contact)
    return _announce_reachable(session, contact)


def edit_contact(session: Session, *, contact_id: str, today: date, **changes: Any) -> Contact:
    """Change what was sent about a contact, and nothing else."""
    contact = fetch_for_change(session, Contact, contact_id)
    rules.require_not_ended(name=contact.name, valid_to=contact.valid_to, today=today)
    if "roles" in changes:
        changes["roles"] = _each_once(changes["roles"])
    if changes.keys() & {"phone", "phones"}:
        country = fetch(session, Account, contact.account_id).country
        changes |= rules.merge_phones(contact.phones, changes, country=country)
    if all(getattr(contact, name) == value for name, value in changes.items()):
        return contact
    for name, value in changes.items():
        setattr(contact, name, value)
    return _announce_reachable(session, contact)


def end_contact(
    session: Session, *, contact_id: str, valid_to: date | None, today: date
) -> Contact:
    """Set a contact's last day, or another one while the last is not over."""
    contact = fetch_for_change(session, Contact, contact_id)
    rules.require_not_ended(name=contact.name, valid_to=contact.valid_to, today=today)
    last = valid_to or today
    rules.require_period(valid_from=contact.valid_from, valid_to=last, today=today)
    contact.valid_to = last
    return _announce_reachable(session, contact)


def require_contact(session: Session, *, account_id: str, contact_id: str | None) -> None:
    """That the account has this contact, now or before; none is fine."""
    contact = None if contact_id is None else session.get(Contact, contact_id)
    whose = {} if contact is None else {contact.contact_id: contact.account_id}
    require_contact_of(whose, account_id=account_id, contact_id=contact_id)


def require_contact_of(
    whose: Mapping[str, str], *, account_id: str, contact_id: str | None
) -> None:
    """The same, by contacts and whose they are."""
    if contact_id is not None and whose.get(contact_id) != account_id:
        detail = f"The account has no contact {contact_id}; GET /v1/accounts/{account_id}/contacts."
        raise NotFound("contact_not_found", detail, field="contact_id")


def _announce_reachable(session: Session, contact: Contact) -> Contact:
    rules.require_reachable(email=contact.email, phone=contact.phone)
    session.flush()
    fields = events.ContactChanged._declared_fields
    announce(session, events.ContactChanged, **{name: getattr(contact, name) for name in fields})
    return contact


def _each_once(roles: list[ContactRole]) -> list[ContactRole]:
    return sorted(set(roles))
