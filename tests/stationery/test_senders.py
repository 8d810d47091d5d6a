"""Letters are from the company as accounts says it, and from the settings' sender before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from stationery.senders import Sender, group_iban, sender_of, sending_address

SETTINGS = {"name": "Collections", "email": "pay@steward.example"}
IBANS = [
    {"iban": "GB82WEST12345698765432", "bic": None, "currency": "GBP"},
    {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX", "currency": None},
]


def _address(kind: str, *lines: str) -> dict[str, Any]:
    return {"kind": kind, "lines": [*lines], "country": "DE"}


@dataclass
class _Company:
    legal_name: str = "Steward Trading GmbH"
    country: str = "AT"
    addresses: list[dict[str, Any]] = field(default_factory=lambda: [_address("legal", "Kai 1")])
    bank_accounts: list[dict[str, Any]] = field(default_factory=list)
    email_from: str | None = None
    logo_file_id: str | None = None


def test_before_the_company_is_known_letters_are_from_the_settings_sender() -> None:
    sender = sender_of(None, **SETTINGS, currency="EUR")
    assert sender == Sender("Collections", "pay@steward.example")


def test_letters_are_from_the_company_and_its_seat() -> None:
    assert sender_of(_Company(), **SETTINGS, currency="EUR") == Sender(
        "Steward Trading GmbH", "pay@steward.example", ("Kai 1",), None, "DE"
    )
    elsewhere = _Company(addresses=[_address("legal", "Kai 1"), _address("billing", "Box 7")])
    assert sender_of(elsewhere, **SETTINGS, currency="EUR").address == ("Box 7",)
    own = _Company(email_from="us@steward.example", addresses=[], logo_file_id="fil_1")
    assert sender_of(own, **SETTINGS, currency="EUR") == Sender(
        "Steward Trading GmbH", "us@steward.example", (), None, "AT", "fil_1"
    )


@pytest.mark.parametrize(
    ("currency", "bank"),
    [
        ("GBP", "IBAN GB82 WEST 1234 5698 7654 32"),
        ("EUR", "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX"),
    ],
)
def test_money_goes_to_the_first_account_for_its_currency(currency: str, bank: str) -> None:
    assert sender_of(_Company(bank_accounts=IBANS), **SETTINGS, currency=currency).bank == bank
    only_pounds = _Company(bank_accounts=IBANS[:1])
    assert sender_of(only_pounds, **SETTINGS, currency="EUR").bank is None


def test_an_iban_is_read_in_groups_of_four() -> None:
    assert group_iban("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"
    assert group_iban("NO9386011117947") == "NO93 8601 1117 947"


def test_letters_come_from_where_they_are_written_else_from_the_seat() -> None:
    seat, office = _address("legal", "Kai 1"), _address("billing", "Box 7")
    assert sending_address([seat, office]) == office
    assert sending_address([_address("shipping", "Tor 3"), seat]) == seat
    assert sending_address([]) is None
