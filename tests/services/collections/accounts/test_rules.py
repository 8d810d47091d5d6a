"""Claims about who gets a letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from services.collections.accounts.rules import payer


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
