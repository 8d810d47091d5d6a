"""Claims about who may have an account's documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from services.billing.addressees.rules import choose_recipients


@dataclass
class _Contact:
    contact_id: str
    email: str | None = "ann@brown.example"
    roles: list[str] = field(default_factory=lambda: ["payer"])
    valid_from: date | None = None
    valid_to: date | None = None


@pytest.mark.parametrize(
    ("roles", "contact", "is_chosen"),
    [
        ([], _Contact("1"), True),
        ([], _Contact("1", roles=["disputes"]), False),
        (["disputes"], _Contact("1", roles=["shipping", "disputes"]), True),
        (["disputes"], _Contact("1"), False),
        ([], _Contact("1", email=None), False),
        ([], _Contact("1", valid_to=date(2026, 1, 9)), False),
        ([], _Contact("1", valid_to=date(2026, 1, 10)), True),
        ([], _Contact("1", valid_from=date(2026, 1, 11)), False),
    ],
)
def test_contacts_with_a_role_for_invoices_have_them_else_who_pays(
    roles: list[str], contact: _Contact, is_chosen: bool
) -> None:
    chosen = choose_recipients([contact], roles=roles, on=date(2026, 1, 10))
    assert bool(chosen) == is_chosen


def test_they_come_in_one_order() -> None:
    chosen = choose_recipients([_Contact("2"), _Contact("1")], roles=[], on=date(2026, 1, 10))
    assert [one.contact_id for one in chosen] == ["1", "2"]
