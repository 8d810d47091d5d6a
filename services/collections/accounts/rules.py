"""To whom a letter is addressed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from stationery.postal import PostalAddress

PAYER = "payer"


class Person(Protocol):
    """A contact, as far as it matters here."""

    @property
    def contact_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def roles(self) -> list[str]: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a letter: the account, its payer where one is known, and where mail and post go."""

    number: str
    name: str
    person: str | None
    email: str | None
    language: str
    preferred_channel: str
    address: PostalAddress | None


def payer(contacts: Iterable[Person], *, on: date) -> Person | None:
    """The account's payer on that day; of several, one with an e-mail address, the oldest first."""
    payers = [
        contact
        for contact in contacts
        if PAYER in contact.roles
        and (contact.valid_from is None or contact.valid_from <= on)
        and (contact.valid_to is None or on <= contact.valid_to)
    ]
    return min(payers, key=lambda one: (one.email is None, one.contact_id), default=None)
