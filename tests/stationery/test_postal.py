"""Claims about where post goes, and what stands on its envelope."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stationery.postal import PostalAddress, billing_address


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
    ("day", "line"), [(date(2026, 1, 31), "Sitz 4"), (date(2026, 2, 1), "Kai 2")]
)
def test_without_a_billing_address_letters_go_to_the_seat(day: date, line: str) -> None:
    told = [_told("billing", "Kai 2", "2026-02-01"), _told("legal", "Sitz 4", "2025-01-01")]
    found = billing_address(told, on=day)
    assert found is not None and found.lines == (line,)


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
