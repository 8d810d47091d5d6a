"""A firm brings its clients along, told by HTTP: those that are clients already are sold to at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.firm import Firm

pytestmark = pytest.mark.server

WHY = "Has bought from us since 1998."


def sent(firm: Firm, name: str, **facts: Any) -> dict[str, Any]:
    return {
        "system": "old",
        "reference_id": name,
        "name": f"{name} Ltd",
        "country": "IE",
        "currency": "EUR",
        "language": "en",
        "time_zone": "Europe/Dublin",
        "net_days": 14,
        "credit_limit": None,
        "preferred_channel": "post",
        "owner_id": firm.owner_id,
        **facts,
    }


def test_who_was_a_client_before_is_sold_to_on_the_same_day(firm: Firm) -> None:
    client = firm.client
    known = sent(firm, "Known", onboarding_waived_reason=WHY)
    batch = {
        "accounts": [known, sent(firm, "New"), sent(firm, "Lost", owner_id="stf_0" + "1" * 25)]
    }
    answer = client.post("/v1/account-batches", batch)
    assert (answer["opened"], answer["refused"]) == (2, 1)
    firm.wait()
    known_id, new_id = (one["account_id"] for one in answer["results"][:2])
    account, path = client.get(f"/v1/accounts/{known_id}"), f"/v1/accounts/{known_id}"
    assert (account["status"], account["version"]) == ("active", 3)
    items = [*client.list(f"{path}/checklist-items")]
    assert {(one["status"], one["waived_reason"]) for one in items} == {("waived", WHY)}
    told = client.get(f"{path}/timeline")
    names = [one["name"] for one in told["items"] if one["source"] == "accounts"]
    waived = ["checklist_item_waived"] * len(items)
    assert told["is_complete"]
    assert names == ["account_opened", "account_onboarding", *waived, "account_activated"]

    for account_id, status in {known_id: "active", new_id: "prospect"}.items():
        assert client.get(f"/v1/accounts/{account_id}/standing")["status"] == status
        assert {one["known_by"] for one in client.list(f"/v1/accounts/{account_id}/known")} == {
            "billing",
            "sales",
        }
    firm.ship(firm.order(account, TEA=1))
    [invoice] = firm.invoices(account)
    assert invoice["total"] == 11900
    [receivable] = client.list("/v1/receivables", account_id=known_id)
    assert receivable["invoice_id"] == invoice["invoice_id"]

    again = client.post("/v1/account-batches", {"accounts": [known]})
    assert (again["found"], again["results"][0]["account_id"]) == (1, known_id)
    firm.wait()
    assert client.get(path)["version"] == 3
