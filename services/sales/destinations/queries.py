"""Finding where an order's goods go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sales.accounts.models import Account, Contact
from services.sales.destinations import rules


def find_contacts(
    session: Session, account_ids: Collection[str]
) -> Mapping[str, Sequence[Contact]]:
    """The people at accounts, by account."""
    found: defaultdict[str, list[Contact]] = defaultdict(list)
    contacts = select(Contact).where(Contact.account_id.in_(account_ids))
    for contact in session.scalars(contacts):
        found[contact.account_id].append(contact)
    return found


def choose_destination(
    account: Account, contacts: Sequence[Contact], given: Mapping[str, Any], *, on: date
) -> dict[str, Any]:
    """What an order is to say of its destination: what was given, else the account's own on that day.
    `contacts` are the people there."""
    return {**_address(account, given, on=on), **_contact(contacts, given, on=on)}


def find_changed_destination(
    session: Session, account: Account, given: Mapping[str, Any], *, on: date
) -> dict[str, Any]:
    """As `choose_destination`, but only what was given; a null takes it away."""
    changes: dict[str, Any] = {}
    if given.keys() & {"delivery_address", "delivery_address_id"}:
        named = given.get("delivery_address_id") or given.get("delivery_address")
        changes |= _address(account, given, on=on) if named else {"delivery_address": None}
    if given.keys() & {"delivery_contact", "delivery_contact_id"}:
        named = given.get("delivery_contact_id") or given.get("delivery_contact")
        nobody = {"delivery_contact_id": None, "delivery_contact": None}
        contacts = find_contacts(session, [account.account_id])[account.account_id]
        changes |= _contact(contacts, given, on=on) if named else nobody
    return changes


def _address(account: Account, given: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    if given.get("delivery_address"):
        return {"delivery_address": rules.place_of(given["delivery_address"])}
    address_id = given.get("delivery_address_id")
    if address_id:
        return {"delivery_address": rules.address_named(account.addresses, address_id, on=on)}
    return {"delivery_address": rules.choose_address(account.addresses, on=on)}


def _contact(contacts: Sequence[Contact], given: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    contact_id = given.get("delivery_contact_id")
    if contact_id is None and given.get("delivery_contact"):
        return {"delivery_contact_id": None, "delivery_contact": given["delivery_contact"]}
    if contact_id is not None:
        found = next((one for one in contacts if one.contact_id == contact_id), None)
        contact: Contact | None = rules.require_contact(found, contact_id=contact_id, on=on)
    else:
        contact = rules.choose_contact(contacts, on=on)
    return {
        "delivery_contact_id": contact and contact.contact_id,
        "delivery_contact": given.get("delivery_contact") or (contact and contact.name),
    }
