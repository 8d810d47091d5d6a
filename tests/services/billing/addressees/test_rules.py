"""Claims about who may have an account's documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from services.billing.addressees.rules import choose_recipients, leaves_by_post


@dataclass
class _Contact:
    contact_id: str
    email: str | None = "ann@brown.example"
    roles: list[str] = field(default_factory=lambda: ["payer"])
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass
class _Account:
    email: str | None
    preferred_channel: str = "email"
    invoice_recipients: list[str] = field(default_factory=list)


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


@pytest.mark.parametrize(
    ("account", "contacts", "is_by_post"),
    [
        (_Account("ann@brown.example"), [], False),
        (_Account("ann@brown.example", "phone"), [], False),
        (_Account("ann@brown.example", "post"), [_Contact("1")], True),
        (_Account(None), [], True),
        (_Account(None, "phone"), [_Contact("1", roles=["disputes"])], True),
        (_Account(None), [_Contact("1", valid_to=date(2026, 1, 9))], True),
        (_Account(None), [_Contact("1")], False),
        (_Account(None, invoice_recipients=["disputes"]), [_Contact("1")], True),
    ],
)
def test_documents_go_by_post_where_that_is_liked_or_nobody_has_an_email_address(
    account: _Account, contacts: list[_Contact], is_by_post: bool
) -> None:
    assert leaves_by_post(account, contacts, on=date(2026, 1, 10)) is is_by_post
