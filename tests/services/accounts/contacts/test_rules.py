"""Claims about contacts: who can be reached, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kernel.refusals import Conflict, Invalid
from services.accounts.contacts.rules import require_not_ended, require_period, require_reachable

DAY = date(2026, 3, 2)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
LAST = date(2076, 3, 2)  # the last day that is foreseeable
EMAIL, PHONE = "ann@brown.example", "+49301234567"


@pytest.mark.parametrize(("email", "phone"), [(EMAIL, None), (None, PHONE), (EMAIL, PHONE)])
def test_an_address_or_a_number_is_enough(email: str | None, phone: str | None) -> None:
    require_reachable(email=email, phone=phone)


@pytest.mark.parametrize("email", [None, ""])
@pytest.mark.parametrize("phone", [None, ""])
def test_a_contact_who_cannot_be_reached_is_refused(email: str | None, phone: str | None) -> None:
    with pytest.raises(Invalid, match="an e-mail address or a phone number") as refused:
        require_reachable(email=email, phone=phone)
    assert refused.value.code == "unreachable"
    assert refused.value.errors[0]["field"] == "email"


@pytest.mark.parametrize(
    ("valid_from", "valid_to"),
    [(DAY, None), (DAY, DAY), (DAY, AFTER), (BEFORE, DAY), (LAST, LAST), (date.min, None)],
)
def test_a_contacts_time_ends_on_its_first_day_or_later(
    valid_from: date, valid_to: date | None
) -> None:
    require_period(valid_from=valid_from, valid_to=valid_to, today=DAY)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "code", "field"),
    [
        (DAY, BEFORE, "ends_before_it_begins", "valid_to"),
        (DAY, LAST + timedelta(days=1), "too_far_ahead", "valid_to"),
        (LAST + timedelta(days=1), None, "too_far_ahead", "valid_from"),
    ],
)
def test_a_time_that_is_none_or_that_nobody_sees_is_refused(
    valid_from: date, valid_to: date | None, code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        require_period(valid_from=valid_from, valid_to=valid_to, today=DAY)
    assert (refused.value.code, refused.value.errors[0]["field"]) == (code, field)


@pytest.mark.parametrize("valid_to", [None, DAY, AFTER])
def test_a_contact_can_be_changed_up_to_its_last_day(valid_to: date | None) -> None:
    require_not_ended(name="Ann", valid_to=valid_to, today=DAY)


def test_a_contact_whose_time_is_over_is_history() -> None:
    with pytest.raises(Conflict, match=f"Ann ended on {BEFORE}; add a new contact") as refused:
        require_not_ended(name="Ann", valid_to=BEFORE, today=DAY)
    assert refused.value.code == "contact_ended"
