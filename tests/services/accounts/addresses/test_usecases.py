"""An account has one billing address at a time, and all that know the account know which."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.refusals import Conflict, NotFound

pytestmark = pytest.mark.server

BERLIN = {"street": ["Weg 1"], "city": "Berlin", "postal_code": "10115", "country": "DE"}
LONDON = {"street": ["1 High St"], "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}


@pytest.fixture
def account_id(office) -> str:
    account_id: str = office.account()["account_id"]
    office.announced()
    return account_id


def add(office, account_id: str, kind: str = "billing", **place: Any) -> dict[str, Any]:
    added: dict[str, Any] = office.do("add_address", account_id=account_id, kind=kind, **place)
    return added


def told(office) -> list[tuple[int, list[str]]]:
    """The versions and the lines of what was announced since this was last asked."""
    announced = office.session.info.pop("announced", [])
    assert {event.name for event, *_ in announced} <= {"addresses_changed"}
    return [
        (data["version"], [one["lines"][-1] for one in data["addresses"]])
        for _, data, _ in announced
    ]


def valid(office, account_id: str, day: str, kind: str = "billing") -> list[str]:
    asked = {"account_id": account_id, "kind": kind, "valid_on": day}
    return [one["lines"][-1] for one in office.do("list_addresses", **asked)["items"]]


def test_a_new_billing_address_ends_the_one_before_and_both_are_told_while_they_run(
    office, account_id: str
) -> None:
    first = add(office, account_id, **BERLIN)
    assert (first["valid_from"], first["valid_to"]) == ("2026-01-05", None)
    add(office, account_id, **LONDON, valid_from="2026-02-01")
    assert told(office) == [(2, ["10115 BERLIN"]), (3, ["10115 BERLIN", "SW1A 1AA"])]
    assert valid(office, account_id, "2026-01-31") == ["10115 BERLIN"]
    assert valid(office, account_id, "2026-02-01") == ["SW1A 1AA"]
    assert len(office.do("list_addresses", account_id=account_id)["items"]) == 2


def test_one_that_was_wrong_from_its_first_day_is_replaced(office, account_id: str) -> None:
    add(office, account_id, **BERLIN)
    add(office, account_id, **LONDON)
    assert told(office)[-1] == (3, ["SW1A 1AA"])
    assert valid(office, account_id, "2026-01-05") == ["SW1A 1AA"]


def test_one_that_begins_later_is_not_overrun(office, account_id: str) -> None:
    add(office, account_id, **LONDON, valid_from="2026-02-01")
    with pytest.raises(Conflict) as refused:
        add(office, account_id, **BERLIN)
    assert refused.value.code == "address_overlaps"
    add(office, account_id, **BERLIN, valid_to="2026-01-31")
    assert valid(office, account_id, "2026-01-20") == ["10115 BERLIN"]
    assert valid(office, account_id, "2026-02-20") == ["SW1A 1AA"]


def test_goods_go_to_several_places_and_kinds_do_not_meet(office, account_id: str) -> None:
    for place in (BERLIN, LONDON):
        add(office, account_id, "shipping", **place)
    add(office, account_id, "legal", **BERLIN)
    add(office, account_id, **BERLIN)
    assert len(valid(office, account_id, "2026-03-01", "shipping")) == 2
    assert len(told(office)[-1][1]) == 4


def test_an_address_is_ended_once_and_what_is_over_is_told_no_more(office, account_id: str) -> None:
    address = add(office, account_id, "shipping", **BERLIN)
    path = {"address_id": address["address_id"]}
    assert office.do("end_address", **path)["valid_to"] == "2026-01-05"
    office.do("end_address", **path)
    assert told(office) == [(2, ["10115 BERLIN"]), (3, ["10115 BERLIN"])]
    office.pass_days(1)
    with pytest.raises(Conflict) as refused:
        office.do("end_address", **path, valid_to="2026-03-01")
    assert refused.value.code == "address_ended"
    add(office, account_id, **LONDON)
    assert told(office) == [(4, ["SW1A 1AA"])]


def test_every_event_about_an_account_says_where_its_post_goes(office, account_id: str) -> None:
    add(office, account_id, **BERLIN, recipient="Accounts payable")
    office.do("edit_account", account_id=account_id, name="Acme")
    [_, (event, edited, _)] = office.session.info.pop("announced")
    assert event.name == "account_edited"
    [address] = edited["addresses"]
    assert (address["recipient"], address["lines"]) == (
        "Accounts payable",
        ["Weg 1", "10115 BERLIN"],
    )
    assert (address["valid_from"], address["valid_to"]) == ("2026-01-05", None)


def test_what_is_not_there_has_no_address(office) -> None:
    with pytest.raises(NotFound):
        add(office, "acc_01jd3v4q6ye8z9t5k2m7n0p1xw", **BERLIN)
    with pytest.raises(NotFound):
        office.do("end_address", address_id="adr_01jd3v4q6ye8z9t5k2m7n0p1xw")
