"""Accounts as a caller meets it: JSON in, JSON out, one transaction each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kernel.callers import Caller
from kernel.ids import new_id
from kernel.refusals import Forbidden, NotFound, VersionMismatch
from tests.services.client import Client

pytestmark = pytest.mark.server

OFFICE = Caller("ann", frozenset({"accounts:read", "accounts:write"}))
PROFILE = {
    "name": "Acme Trading Ltd",
    "country": "GB",
    "currency": "GBP",
    "language": "en",
    "time_zone": "Europe/London",
    "net_days": 30,
    "credit_limit": 500_000,
    "email": "hello@acme.example",
}


@pytest.fixture
def client(client: Client) -> Client:
    client.caller = OFFICE
    return client


@pytest.fixture
def owner_id(client: Client) -> str:
    """Somebody who looks after accounts."""
    person = {"name": "Ada Ross", "email": f"{new_id('mail')}@steward.example"}
    return client.call("add_staff", **person, role="account_manager")["staff_id"]


@pytest.fixture
def account(client: Client, owner_id: str) -> dict[str, Any]:
    """A prospect."""
    return client.call("open_account", **PROFILE, owner_id=owner_id)


def test_from_prospect_to_active_client(
    client: Client, owner_id: str, account: dict[str, Any]
) -> None:
    path = {"account_id": account["account_id"]}
    assert (account["status"], account["version"]) == ("prospect", 1)
    assert client.call("begin_onboarding", **path)["status"] == "onboarding"
    for item in client.call("list_checklist_items", **path)["items"]:
        client.call(
            "complete_checklist_item",
            checklist_item_id=item["checklist_item_id"],
            expires_on="2030-12-31",
        )
    active = client.call("activate_account", **path)
    assert active == client.call("get_account", **path)
    assert active["status"] == "active"
    client.carry()
    timeline = client.call("get_timeline", **path)
    assert timeline["is_complete"]
    names = [entry["name"] for entry in timeline["items"]]
    assert names[0] == "account_opened" and names[-1] == "account_activated"


def test_who_is_due_is_on_the_owners_worklist_until_it_is_settled(
    client: Client, owner_id: str, account: dict[str, Any]
) -> None:
    due = {"account_id": account["account_id"], "currency": "GBP", "reason": "overdue"}
    debt = {"amount": 11_900, "oldest_due_date": "2026-02-01", "since": "2026-02-06"}
    client.tell("collections", "contact_due", **due, **debt, version=1)
    client.day(date(2026, 3, 3))
    [line] = client.call("get_worklist", staff_id=owner_id)["items"]
    assert line["account_id"] == account["account_id"]
    client.tell("collections", "contact_settled", **due, version=2)
    assert client.call("get_worklist", staff_id=owner_id)["items"] == []


def test_a_change_on_top_of_a_stale_version_is_refused(
    client: Client, account: dict[str, Any]
) -> None:
    path = {"account_id": account["account_id"]}
    changed = client.call("edit_account", **path, name="Acme", if_match=account["version"])
    with pytest.raises(VersionMismatch):
        client.call("edit_account", **path, name="Other", if_match=account["version"])
    assert client.call("get_account", **path) == changed


def test_who_may_see_some_accounts_sees_and_changes_only_those(
    client: Client, owner_id: str, account: dict[str, Any]
) -> None:
    other = client.call("open_account", **PROFILE | {"name": "Other Ltd"}, owner_id=owner_id)
    limited = Caller("lee", OFFICE.scopes, accounts=frozenset({account["account_id"]}))
    listed = client.call("list_accounts", caller=limited)["items"]
    assert [each["account_id"] for each in listed] == [account["account_id"]]
    path = {"account_id": other["account_id"]}
    for endpoint, values in (
        ("get_account", {}),
        ("edit_account", {"name": "Mine"}),
        ("begin_onboarding", {}),
        ("list_contacts", {}),
        ("get_timeline", {}),
    ):
        with pytest.raises(NotFound):
            client.call(endpoint, caller=limited, **path, **values)


def test_whoever_may_only_read_changes_nothing(client: Client, account: dict[str, Any]) -> None:
    reader = Caller("eve", frozenset({"accounts:read"}))
    path = {"account_id": account["account_id"]}
    with pytest.raises(Forbidden):
        client.call("begin_onboarding", caller=reader, **path)
    assert client.call("get_account", caller=reader, **path)["status"] == "prospect"
