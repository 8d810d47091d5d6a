"""Other systems find our accounts by their own ids, and open them once."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.callers import Caller
from kernel.refusals import Conflict, NotFound

pytestmark = pytest.mark.server

CRM = {"system": "crm", "reference_id": "0015-7"}


def profile(office) -> dict[str, Any]:
    owner = office.staff()["staff_id"]
    return {
        "name": "Acme Trading Ltd",
        "country": "GB",
        "currency": "GBP",
        "language": "en",
        "time_zone": "Europe/London",
        "net_days": 30,
        "credit_limit": None,
        "email": "hello@acme.example",
        "owner_id": owner,
    }


def found(office, **by: str) -> list[str]:
    return [one["account_id"] for one in office.do("list_accounts", **by)["items"]]


def test_who_asks_by_a_reference_gets_its_account_opened_the_first_time(office) -> None:
    asked = profile(office)
    office.announced()
    opened = office.do("find_or_open_account", **asked, **CRM)
    assert opened["external_references"] == [CRM]
    [(event, data, _)] = office.session.info.pop("announced")
    assert (event.name, data["external_references"]) == ("account_opened", [CRM])
    again = office.do("find_or_open_account", **asked | {"name": "Other"}, **CRM)
    assert again == opened
    assert office.announced() == []


def test_an_account_is_found_by_what_another_system_calls_it(office) -> None:
    account_id, other = office.account()["account_id"], office.account()["account_id"]
    office.do("add_reference", account_id=account_id, **CRM)
    office.do("add_reference", account_id=other, system="shop", reference_id="0015-7")
    assert found(office, reference_system="crm", reference_id="0015-7") == [account_id]
    assert found(office, reference_system="shop") == [other]
    assert sorted(found(office, reference_id="0015-7")) == sorted([account_id, other])
    assert found(office, reference_system="crm", reference_id="0015") == []


def test_a_reference_is_one_accounts_until_it_is_removed(office) -> None:
    account_id, other = office.account()["account_id"], office.account()["account_id"]
    office.announced()
    for _ in range(2):
        office.do("add_reference", account_id=account_id, **CRM)
    assert office.announced() == ["account_edited"]
    with pytest.raises(Conflict) as refused:
        office.do("add_reference", account_id=other, **CRM)
    assert refused.value.code == "reference_taken"
    assert refused.value.facts["account_id"] == account_id
    with pytest.raises(NotFound, match=r"not 0015-7 of crm"):
        office.do("remove_reference", account_id=other, **CRM)
    left = office.do("remove_reference", account_id=account_id, **CRM)
    assert left["external_references"] == []
    office.do("add_reference", account_id=other, **CRM)
    listed = office.do("list_references", account_id=other)["items"]
    assert listed == [{"account_id": other, **CRM}]


def test_a_reference_of_an_account_that_one_may_not_see_is_taken_too(office) -> None:
    account_id, other = office.account()["account_id"], office.account()["account_id"]
    office.do("add_reference", account_id=account_id, **CRM)
    office.session.info["caller"] = Caller("lee", frozenset({"*"}), accounts=frozenset({other}))
    with pytest.raises(Conflict) as refused:
        office.do("add_reference", account_id=other, **CRM)
    assert refused.value.code == "reference_taken"
