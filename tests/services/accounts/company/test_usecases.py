"""Who we are is said once for all who write in our name."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from kernel.refusals import Invalid, NotFound

pytestmark = pytest.mark.server

SEAT = {
    "kind": "legal",
    "street": ["Hafenstr. 12"],
    "city": "Hamburg",
    "postal_code": "20457",
    "country": "DE",
}
COMPANY: dict[str, Any] = {
    "legal_name": "Steward Trading GmbH",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "languages": ["de", "en"],
    "addresses": [SEAT],
    "tax_ids": [{"kind": "VAT", "value": "DE136695976"}],
    "bank_accounts": [{"iban": "de89 3704 0044 0532 0130 00", "bic": "COBADEFFXXX"}],
    "email_from": "accounts@steward.example",
}


def test_who_we_are_is_told_to_all_when_it_is_said_and_when_it_changes(office) -> None:
    with pytest.raises(NotFound) as unset:
        office.do("get_company")
    assert unset.value.code == "company_not_set"
    said = office.do("set_company", **COMPANY)
    assert office.do("set_company", **COMPANY) == said == office.do("get_company")
    assert said["addresses"][0]["lines"] == ["Hafenstr. 12", "20457 HAMBURG"]
    assert said["bank_accounts"][0]["iban"] == "DE89370400440532013000"
    moved = {"addresses": [SEAT | {"street": ["Kai 1"]}], "email_from": None}
    office.do("set_company", **COMPANY | moved)
    told = [data for event, data, _ in office.session.info.pop("announced")]
    assert [(one["company_id"], one["version"]) for one in told] == [
        (said["company_id"], 1),
        (said["company_id"], 2),
    ]
    assert told[1]["addresses"][0]["lines"] == ["Kai 1", "20457 HAMBURG"]
    assert told[1]["logo_file_id"] is None
    assert [one["tax_rounding"] for one in told] == ["document", "document"]
    by_line = office.do("set_company", **COMPANY | moved, tax_rounding="line")
    [(_, data, _)] = office.session.info.pop("announced")
    assert (data["tax_rounding"], by_line["tax_rounding"]) == ("line", "line")


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ({"bank_accounts": [{"iban": "DE89370400440532013001"}]}, "Must be an IBAN"),
        (
            {"bank_accounts": [{"iban": "DE89370400440532013000", "bic": "COBA1EFF"}]},
            "Must be a BIC",
        ),
        ({"time_zone": "Mars"}, "IANA"),
        ({"languages": []}, "list of 1 to 10"),
        ({"tax_rounding": "never"}, "Must be one of: document, line"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(office, wrong, remedy: str) -> None:
    with pytest.raises(ValidationError, match=remedy):
        office.do("set_company", **COMPANY | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"addresses": [SEAT | {"postal_code": "1"}]},
        {"addresses": [SEAT | {"kind": "billing"}]},
        {"email_from": "jürgen@steward.example"},
    ],
)
def test_a_company_without_a_seat_where_post_goes_is_refused(office, wrong) -> None:
    with pytest.raises(Invalid):
        office.do("set_company", **COMPANY | wrong)
