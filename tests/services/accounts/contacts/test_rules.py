"""Claims about contacts: who can be reached, and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kernel.refusals import Conflict, Invalid
from services.accounts.contacts.rules import check_contact, check_not_ended

DAY = date(2026, 3, 2)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
EMAIL, PHONE = "ann@brown.example", "+49301234567"


def _check(**differently: Any) -> None:
    facts = {"email": EMAIL, "phone": PHONE, "valid_from": DAY, "valid_to": None}
    check_contact(**{**facts, **differently})


@pytest.mark.parametrize("reached_by", [{"email": None}, {"phone": None}, {}])
def test_an_address_or_a_number_is_enough(reached_by: dict[str, Any]) -> None:
    _check(**reached_by)


@pytest.mark.parametrize("email", [None, ""])
@pytest.mark.parametrize("phone", [None, ""])
def test_a_contact_who_cannot_be_reached_is_refused(email: str | None, phone: str | None) -> None:
    with pytest.raises(Invalid, match="an e-mail address or a phone number") as refused:
        _check(email=email, phone=phone)
    assert refused.value.code == "unreachable"
    assert refused.value.errors[0]["field"] == "email"


@pytest.mark.parametrize("valid_to", [None, DAY, AFTER])
def test_a_contacts_time_ends_on_its_first_day_or_later(valid_to: date | None) -> None:
    _check(valid_to=valid_to)


def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid, match=f"valid from {DAY}") as refused:
        _check(valid_to=BEFORE)
    assert refused.value.code == "ends_before_it_begins"
    assert refused.value.errors[0]["field"] == "valid_to"


@pytest.mark.parametrize("valid_to", [None, DAY, AFTER])
def test_a_contact_can_be_changed_up_to_its_last_day(valid_to: date | None) -> None:
    check_not_ended(name="Ann", valid_to=valid_to, today=DAY)


def test_a_contact_whose_time_is_over_is_history() -> None:
    with pytest.raises(Conflict, match=f"Ann ended on {BEFORE}; add a new contact") as refused:
        check_not_ended(name="Ann", valid_to=BEFORE, today=DAY)
    assert refused.value.code == "contact_ended"
