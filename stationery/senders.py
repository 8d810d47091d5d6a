"""Whom letters and documents are from, and where money for them goes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

LETTERS = ("billing", "legal")  # which of our addresses letters are from, the best first
IBAN_GROUP = 4  # characters, as people read them


class CompanyCopy(Protocol):
    """What is known of the company."""

    @property
    def legal_name(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def addresses(self) -> list[dict[str, Any]]: ...
    @property
    def bank_accounts(self) -> list[dict[str, Any]]: ...
    @property
    def email_from(self) -> str | None: ...
    @property
    def logo_file_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom a letter is from. `country` is none where that is not known."""

    name: str
    email: str
    address: tuple[str, ...] = ()
    bank: str | None = None
    country: str | None = None
    logo_file_id: str | None = None


def sender_of(company: CompanyCopy | None, *, name: str, email: str, currency: str) -> Sender:
    """The company with the bank account for a currency; before anybody said who we are, `name` and
    `email`, which are the settings'."""
    if company is None:
        return Sender(name, email)
    address = sending_address(company.addresses)
    return Sender(
        name=company.legal_name,
        email=company.email_from or email,
        address=tuple(address["lines"]) if address else (),
        bank=_bank(company.bank_accounts, currency),
        country=address["country"] if address else company.country,
        logo_file_id=company.logo_file_id,
    )


def sending_address(addresses: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Which of our addresses letters are from: where they are written, else the seat."""
    by_kind = {one["kind"]: one for one in addresses}
    return next((by_kind[kind] for kind in LETTERS if kind in by_kind), None)


def _bank(accounts: Sequence[Mapping[str, Any]], currency: str) -> str | None:
    account = bank_account_for(accounts, currency=currency)
    if account is None:
        return None
    bic = ["BIC", account["bic"]] if account["bic"] else []
    return " ".join(["IBAN", group_iban(account["iban"]), *bic])


def bank_account_for(
    accounts: Sequence[Mapping[str, Any]], *, currency: str
) -> Mapping[str, Any] | None:
    """The first of our bank accounts that takes a currency; None where none does."""
    return next((one for one in accounts if one["currency"] in (None, currency)), None)


def group_iban(iban: str) -> str:
    """An IBAN as people read it: `DE89 3704 0044 0532 0130 00`."""
    return " ".join(iban[at : at + IBAN_GROUP] for at in range(0, len(iban), IBAN_GROUP))
