"""Who may have an account's documents. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

PAYER = "payer"
POST = "post"


class Person(Protocol):
    """A contact, as far as it matters here."""

    @property
    def contact_id(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def roles(self) -> list[str]: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


class Addressed(Protocol):
    """How an account wants its documents."""

    @property
    def email(self) -> str | None: ...
    @property
    def preferred_channel(self) -> str: ...
    @property
    def invoice_recipients(self) -> Sequence[str]: ...


Contact = TypeVar("Contact", bound=Person)


def choose_recipients(
    contacts: Iterable[Contact], *, roles: Collection[str], on: date
) -> list[Contact]:
    """The contacts who get invoices on that day and have an e-mail address: those with one of the
    account's roles for it, or who pays where it names none."""
    wanted = set(roles) or {PAYER}
    return [
        contact
        for contact in sorted(contacts, key=lambda one: one.contact_id)
        if contact.email
        and wanted & set(contact.roles)
        and (contact.valid_from is None or contact.valid_from <= on)
        and (contact.valid_to is None or on <= contact.valid_to)
    ]


class Route(NamedTuple):
    """How what is sent to an account leaves: to an e-mail address, or by post (None), for which there may
    be an address or not."""

    email: str | None
    is_addressed: bool


def choose_route(
    account: Addressed, contacts: Iterable[Contact], *, is_addressed: bool, on: date
) -> Route:
    """By e-mail to the first who gets the account's invoices, else to its own address; by post where they
    like it so, or nobody has an e-mail address."""
    known = [*contacts]
    if leaves_by_post(account, known, on=on):
        return Route(None, is_addressed)
    recipients = choose_recipients(known, roles=account.invoice_recipients, on=on)
    return Route(recipients[0].email if recipients else account.email, is_addressed)


def leaves_by_post(account: Addressed, contacts: Iterable[Person], *, on: date) -> bool:
    """Whether what is sent to an account on that day goes by post: they like it so, or there is no e-mail
    address of theirs nor of anybody who gets their invoices."""
    if account.preferred_channel == POST:
        return True
    recipients = choose_recipients(contacts, roles=account.invoice_recipients, on=on)
    return not account.email and not recipients
