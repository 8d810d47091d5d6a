"""Claims about who gets a letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from services.collections.accounts.rules import PostalAddress, billing_address, payer


@dataclass
class _Contact:
    contact_id: str
    name: str = "Ann"
    email: str | None = "ann@brown.example"
    roles: list[str] = field(default_factory=lambda: ["payer"])
    valid_from: date | None = None
    valid_to: date | None = None


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ([], None),
        ([_Contact("1", roles=["shipping"])], None),
        ([_Contact("2"), _Contact("1")], "1"),
        ([_Contact("1", email=None), _Contact("2")], "2"),
        ([_Contact("1", email=None)], "1"),
        ([_Contact("1", valid_to=date(2026, 1, 9)), _Contact("2")], "2"),
        ([_Contact("1", valid_to=date(2026, 1, 10)), _Contact("2")], "1"),
        ([_Contact("1", valid_from=date(2026, 1, 11)), _Contact("2")], "2"),
    ],
)
def test_letters_go_to_the_payer_of_the_day(contacts: list[_Contact], expected: str | None) -> None:
    found = payer(contacts, on=date(2026, 1, 10))

    assert (found.contact_id if found else None) == expected


def _told(kind: str, line: str, valid_from: str, valid_to: str | None = None) -> dict[str, Any]:
    address = {"kind": kind, "recipient": None, "lines": [line], "country": "DE"}
    return address | {"country_name": "GERMANY", "valid_from": valid_from, "valid_to": valid_to}


@pytest.mark.parametrize(
    ("day", "line"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), "Weg 1"),
        (date(2026, 1, 31), "Weg 1"),
        (date(2026, 2, 1), "Kai 2"),
    ],
)
def test_letters_go_to_the_billing_address_of_the_day(day: date, line: str | None) -> None:
    told = [
        _told("billing", "Kai 2", "2026-02-01"),
        _told("billing", "Weg 1", "2026-01-01", "2026-01-31"),
        _told("shipping", "Lager 3", "2025-01-01"),
    ]
    found = billing_address(told, on=day)
    assert (found and found.lines[0]) == line


@pytest.mark.parametrize(
    ("sent_from", "lines"),
    [
        ("DE", ["Dept. 7", "Weg 1"]),
        ("AT", ["Dept. 7", "Weg 1", "GERMANY"]),
        (None, ["Dept. 7", "Weg 1", "GERMANY"]),
    ],
)
def test_the_country_stands_on_what_crosses_a_border(
    sent_from: str | None, lines: list[str]
) -> None:
    address = PostalAddress("Dept. 7", ("Weg 1",), "DE", "GERMANY")
    assert address.below_name(sent_from=sent_from) == lines
