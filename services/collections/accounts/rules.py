"""To whom a letter is addressed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

PAYER = "payer"
BILLING = "billing"


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
class PostalAddress:
    """Where post goes: `lines` in the form of the country, without name and country."""

    recipient: str | None
    lines: tuple[str, ...]
    country: str
    country_name: str

    def below_name(self, *, sent_from: str | None) -> list[str]:
        """What stands on an envelope below the name; the country where it crosses a border, or may."""
        country = [] if self.country == sent_from else [self.country_name]
        return [*([self.recipient] if self.recipient else []), *self.lines, *country]


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


def billing_address(told: Iterable[Mapping[str, Any]], *, on: date) -> PostalAddress | None:
    """Where bills and letters go on that day; of several, the one that began last."""
    valid = [
        one
        for one in told
        if one["kind"] == BILLING
        and one["valid_from"] <= on.isoformat()
        and (one["valid_to"] is None or on.isoformat() <= one["valid_to"])
    ]
    if not valid:
        return None
    newest = max(valid, key=lambda one: str(one["valid_from"]))
    return PostalAddress(
        recipient=newest["recipient"],
        lines=tuple(newest["lines"]),
        country=newest["country"],
        country_name=newest["country_name"],
    )


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
