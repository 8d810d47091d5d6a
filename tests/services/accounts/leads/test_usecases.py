"""What sales has won becomes an account with its contacts and notes, once, or sales is told why not."""

from __future__ import annotations

from typing import Any

import pytest

from services.sales.events import LeadConverted

pytestmark = pytest.mark.server

LEAD: dict[str, Any] = LeadConverted.example
TOLD = ["account_opened", "contact_changed", "note_added"]


@pytest.fixture
def lead(office) -> dict[str, Any]:
    owner_id = office.staff()["staff_id"]
    office.announced()
    return LEAD | {"owner_id": owner_id}


def convert(office, lead: dict[str, Any]) -> None:
    office.hear("sales", "lead_converted", **lead)


def accounts(office) -> list[dict[str, Any]]:
    """Those that were opened of the lead."""
    items = office.do("list_accounts", limit=500)["items"]
    return [one for one in items if one["lead_id"] == LEAD["lead_id"]]


def test_its_account_is_opened_with_all_that_is_known_of_it(office, lead) -> None:
    convert(office, lead)
    [account] = accounts(office)
    kept = ("lead_id", "name", "owner_id", "campaign", "tax_id", "email", "country")
    assert {name: account[name] for name in kept} == {name: lead[name] for name in kept}
    assert (account["status"], account["credit_limit"]) == ("prospect", 0)
    path = {"account_id": account["account_id"]}
    [contact] = office.do("list_contacts", **path)["items"]
    assert (contact["name"], contact["roles"]) == ("Jutta Müller", ["decision_maker"])
    [note] = office.do("list_notes", **path)["items"]
    assert (note["text"], note["noted_by"]) == (lead["notes"][0], "sales")
    opened, *_ = told = office.session.info.pop("announced")
    assert [event.name for event, *_ in told] == TOLD
    assert (opened[1]["lead_id"], opened[1]["campaign"]) == (lead["lead_id"], "Spring fair")


def test_it_becomes_one_account_whatever_is_repeated(office, lead) -> None:
    for again in (lead, lead, lead | {"name": "Renamed meanwhile"}):
        convert(office, again)
    assert len(accounts(office)) == 1
    assert office.announced() == TOLD


@pytest.mark.parametrize(
    ("facts", "code", "says"),
    [
        ({"owner_id": None}, "lead_unfit", "look after the account"),
        ({"owner_id": "stf_01jd3v4q6ye8z9t5k2m7n0p1xx"}, "staff_not_found", "no staff"),
        ({"tax_id": "DE136695975"}, "tax_id_form", "DE 136,695 976"),
        ({"time_zone": "Berlin"}, "lead_unfit", "time_zone"),
        (
            {"contacts": [{"name": "Jo", "email": None, "phone": None, "roles": []}]},
            "unreachable",
            "phone number",
        ),
        (
            {"contacts": [{"name": "Jo", "email": None, "phone": "030 12", "roles": []}]},
            "phone_unknown",
            "phone number",
        ),
        ({"notes": ["x" * 2001]}, "lead_unfit", "2000 characters"),
    ],
)
def test_one_that_cannot_be_opened_is_refused_with_why_and_nothing_is_left_of_it(
    office, lead, facts: dict[str, Any], code: str, says: str
) -> None:
    convert(office, lead | facts)
    assert accounts(office) == []
    [(event, refused, _)] = office.session.info.pop("announced")
    assert (event.name, refused["lead_id"], refused["code"]) == (
        "lead_refused",
        lead["lead_id"],
        code,
    )
    assert says in refused["reason"]
    convert(office, lead)  # corrected
    assert office.announced() == TOLD


def test_a_client_that_is_known_is_named(office, lead) -> None:
    known = office.account(tax_id="DE 136695976")
    office.announced()
    convert(office, lead)
    [(_, refused, _)] = office.session.info.pop("announced")
    assert refused["code"] == "duplicate_tax_id"
    assert known["number"] in refused["reason"]


def test_an_account_that_was_no_lead_says_so(office) -> None:
    assert office.account()["lead_id"] is None
