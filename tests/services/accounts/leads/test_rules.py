"""What a lead says is read by the same grammar as what people enter, or refused by its field."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.refusals import Invalid
from services.accounts.leads.rules import MANY_MAX, read_contacts, read_notes, read_profile

LEAD: dict[str, Any] = {
    "name": " Müller & Söhne GmbH ",
    "country": "DE",
    "currency": "EUR",
    "language": "DE",
    "time_zone": "Europe/Berlin",
    "tax_id": None,
    "email": "info@mueller.example",
    "owner_id": "stf_1",
    "campaign": "Spring fair",
    "contacts": [{"name": "Jo", "email": None, "phone": "+49 (30) 123-4567", "roles": ["payer"]}],
    "notes": [" Met at the fair. "],
}


def test_it_is_kept_as_what_people_enter_is() -> None:
    profile = read_profile(LEAD)
    assert (profile["name"], profile["language"]) == ("Müller & Söhne GmbH", "de")
    assert (profile["net_days"], profile["credit_limit"]) == (0, 0)  # nothing on credit
    assert read_contacts(LEAD)[0]["roles"] == ["payer"]
    assert read_notes(LEAD) == ["Met at the fair."]


@pytest.mark.parametrize(("email", "channel"), [("info@mueller.example", "email"), (None, "phone")])
def test_who_has_no_email_is_called(email: str | None, channel: str) -> None:
    assert read_profile(LEAD | {"email": email})["preferred_channel"] == channel


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 201),
        ("country", "XX"),
        ("currency", "XXX1"),
        ("language", "german"),
        ("time_zone", "Berlin"),
        ("owner_id", None),
        ("email", "info"),
        ("contacts", [{"name": "", "email": None, "phone": None, "roles": []}]),
        ("contacts", [{"name": "Jo", "email": "jo", "phone": None, "roles": []}]),
        ("contacts", [{"name": "Jo", "email": None, "phone": None, "roles": ["boss"]}]),
        ("contacts", [LEAD["contacts"][0]] * (MANY_MAX + 1)),
        ("notes", [""]),
        ("notes", ["x" * 2001]),
        ("notes", ["x"] * (MANY_MAX + 1)),
    ],
)
def test_what_is_none_is_refused_by_its_field(field: str, value: Any) -> None:
    lead = LEAD | {field: value}
    with pytest.raises(Invalid) as refused:
        (read_profile(lead), read_contacts(lead), read_notes(lead))
    assert refused.value.code == "lead_unfit"
    assert refused.value.errors[0]["field"] == field
