"""Nobody has an account belong to one that they do not see; who pays follows from the whole family all
the same."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.ids import new_id
from tests.services.anothers import owner_of, require_refused
from tests.services.client import Client

pytestmark = pytest.mark.server

PROFILE = {"country": "IE", "currency": "EUR", "language": "en", "time_zone": "Europe/Dublin"}
PROFILE |= {"net_days": 14, "credit_limit": None, "email": "ap@brown.example"}


def opened(client: Client, name: str) -> str:
    person = {"name": "Ada Ross", "email": f"{new_id('mail')}@steward.example"}
    owner_id = client.call("add_staff", **person, role="account_manager")["staff_id"]
    account = client.call("open_account", **PROFILE, name=name, owner_id=owner_id)
    return str(account["account_id"])


def edge(child: str, parent: str) -> dict[str, Any]:
    return {"account_id": child, "parent_id": parent, "payer": "parent"}


def test_a_parent_that_the_caller_does_not_see_is_not_there(client: Client) -> None:
    ours, other = opened(client, "Ours"), opened(client, "Other")
    caller = owner_of(client, ours)
    refusal = require_refused(client, "set_parent", edge(ours, other), caller=caller)
    assert (refusal.code, refusal.errors[0]["field"]) == ("parent_not_found", "parent_id")


def test_those_below_follow_although_they_are_not_seen(client: Client) -> None:
    top, ours, below = (opened(client, name) for name in ("Top", "Ours", "Below"))
    client.call("set_parent", **edge(below, ours))
    client.call("set_parent", **edge(ours, top))
    assert client.call("get_account", account_id=below)["payer_id"] == top
    caller = owner_of(client, ours)
    shown = client.call("get_family", caller=caller, account_id=ours)["items"]
    assert [(one["account_id"], one["depth"]) for one in shown] == [(ours, 1)]
    assert client.call("list_children", caller=caller, account_id=ours)["items"] == []
    client.call("remove_parent", caller=caller, account_id=ours)
    assert client.call("get_account", account_id=below)["payer_id"] == ours
